/** What the schema of a prompt set cannot say: placeholders, and fields that need one another. */

import type { PromptSet, Stage, StageName } from './prompt-set.ts';
import { PLACEHOLDERS, placeholdersIn } from './render.ts';

export type TemplateProblem = { stage: StageName; field: string; message: string };

/** Placeholders without which a stage asks nothing. */
const NEEDED: Partial<Record<StageName, readonly string[]>> = {
  propose: ['topic'],
  tests: ['functionName'],
  solve: ['stub'],
};

/** The named groups that each reader of the form regex looks for. */
const GROUPS: Partial<Record<StageName, readonly string[]>> = {
  propose: ['signature', 'docstring'],
  refine: ['signature', 'docstring'],
  sketch: ['arguments', 'returns'],
};

export const templateProblems = (set: PromptSet): TemplateProblem[] =>
  (Object.keys(PLACEHOLDERS) as StageName[]).flatMap((name) => {
    const stage = set.stages[name];
    if (!stage) return [];
    const known = Object.keys(PLACEHOLDERS[name]);
    const problem = (field: string, message: string): TemplateProblem => ({ stage: name, field, message });
    const fields = templatesOf(stage);
    const unknown = fields.flatMap(([field, template]) =>
      placeholdersIn(template)
        .filter((placeholder) => !known.includes(placeholder))
        .map((placeholder) =>
          problem(field, `unknown placeholder {{${placeholder}}}; there are ${known.join(', ')}`),
        ),
    );
    const used = new Set(fields.flatMap(([, template]) => placeholdersIn(template)));
    const missing = (NEEDED[name] ?? [])
      .filter((placeholder) => !used.has(placeholder))
      .map((placeholder) => problem('text', `needs the placeholder {{${placeholder}}}`));
    const groups = (GROUPS[name] ?? [])
      .filter((group) => 'pattern' in stage && !stage.pattern.includes(`(?<${group}>`))
      .map((group) => problem('pattern', `needs the named group ${group}`));
    const system =
      'ask' in stage && stage.ask === 'completion' && stage.system !== undefined
        ? [problem('system', 'has no place where ask is completion')]
        : [];
    return [...unknown, ...missing, ...groups, ...system, ...levelProblems(stage, used, problem)];
  });

/** Levels without a place, or a place for none. */
const levelProblems = (
  stage: Stage,
  used: ReadonlySet<string>,
  problem: (field: string, message: string) => TemplateProblem,
): TemplateProblem[] => {
  if (!('levels' in stage) || !stage.levels || used.has('difficulty')) return [];
  return [problem('text', 'needs the placeholder {{difficulty}}, which levels fill')];
};

/** Field and template. */
const templatesOf = (stage: Stage): [string, string][] =>
  'ask' in stage
    ? [
        ['text', stage.text],
        ['prefix', stage.prefix],
        ['system', stage.system ?? ''],
      ]
    : [
        ['text', stage.text],
        ...stage.criteria.flatMap(({ given, scored }, index): [string, string][] => [
          [`criteria[${index}].given`, given],
          [`criteria[${index}].scored`, scored],
        ]),
      ];
