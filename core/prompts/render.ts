/** Fills the templates of a stage. Placeholders are `{{name}}`; which there are, and how each is made harmless, stands here. */
import { UcoderError } from '../errors.ts';
import { asCode, asLine, asQuote } from './neutralise.ts';
import type { LikelihoodJudge, PromptSet, StageName } from './prompt-set.ts';

/** How a value is placed. `own`: our own words from the prompt set or the code. */
type Placement = 'line' | 'quote' | 'code' | 'own';

const problem = {
  functionName: 'line',
  signature: 'code',
  parameters: 'code',
  sentence: 'line',
  docstring: 'code',
  description: 'quote',
  stub: 'code',
} as const satisfies Record<string, Placement>;

/** The placeholders that each stage may use. */
export const PLACEHOLDERS = {
  propose: { topic: 'line', domain: 'own', difficulty: 'own' },
  judge: { ...problem, criterion: 'own' },
  difficulty: { ...problem },
  refine: { ...problem, topic: 'line', domain: 'own', difficulty: 'own', draft: 'line', reason: 'line' },
  sketch: { ...problem },
  tests: { ...problem, argumentOpening: 'own', category: 'own', categoryHint: 'own', count: 'own' },
  solve: { ...problem, style: 'own' },
} as const satisfies Record<StageName, Record<string, Placement>>;

export type Values<Name extends StageName> = Record<keyof (typeof PLACEHOLDERS)[Name], string>;

export type ChatTurn = { role: 'system' | 'user' | 'assistant'; content: string };

/** What goes to the server. The answer is read as `prefix` and what the model adds. */
export type RenderedPrompt = { prefix: string } & (
  | { ask: 'chat'; messages: ChatTurn[] }
  | { ask: 'completion'; prompt: string }
);

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** The names between double braces, in order of appearance. */
export const placeholdersIn = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');

/** Fills in one pass, so that braces inside a value are only text. A line that holds nothing but an empty value goes. */
const fill = (template: string, values: Record<string, string>): string => {
  const value = (name: string): string => {
    const found = values[name];
    if (found === undefined) throw new UcoderError('internal', `No value for the placeholder {{${name}}}.`);
    return found;
  };
  return template
    .split('\n')
    .flatMap((line) => {
      const alone = /^\s*\{\{\s*(\w+)\s*\}\}\s*$/.exec(line);
      if (alone?.[1] !== undefined && value(alone[1]) === '') return [];
      return [line.replace(PLACEHOLDER, (_, name: string) => value(name))];
    })
    .join('\n');
};

const PLACE: Record<Placement, (text: string) => string> = {
  line: asLine,
  quote: asQuote,
  code: asCode,
  own: (text) => text,
};

const place = <Name extends StageName>(name: Name, values: Values<Name>): Record<string, string> => {
  const placements: Record<string, Placement> = PLACEHOLDERS[name];
  return Object.fromEntries(
    Object.entries<string>(values).map(([key, text]) => [key, PLACE[placements[key] ?? 'line'](text)]),
  );
};

/** What a model scores: the tokens of `scored`, given all before. */
export type RenderedScoring = { criterion: string; given: string; scored: string };

export const renderScoring = (stage: LikelihoodJudge, values: Values<'judge'>): RenderedScoring[] => {
  const placed = place('judge', values);
  return stage.criteria.map(({ name, given, scored }) => ({
    criterion: name,
    given: fill(stage.text, placed) + fill(given, placed),
    scored: fill(scored, placed),
  }));
};

export const renderStage = <Name extends StageName>(
  set: PromptSet,
  name: Name,
  values: Values<Name>,
): RenderedPrompt => {
  const stage = set.stages[name];
  if (!stage || !('ask' in stage))
    throw new UcoderError('internal', `The stage ${name} of ${set.name} is not asked.`);
  const placed = place(name, values);
  const text = fill(stage.text, placed);
  const prefix = fill(stage.prefix, placed);
  if (stage.ask === 'completion') return { ask: 'completion', prompt: text + prefix, prefix };
  const system: ChatTurn[] = stage.system ? [{ role: 'system', content: fill(stage.system, placed) }] : [];
  const begun: ChatTurn[] = prefix ? [{ role: 'assistant', content: prefix }] : [];
  return { ask: 'chat', messages: [...system, { role: 'user', content: text }, ...begun], prefix };
};
