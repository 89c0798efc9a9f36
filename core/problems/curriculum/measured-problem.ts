/** What an iteration found out about one of its problems, as far as the curriculum looks at it. */
import { minimumShare } from '../../selection/rules/minimum-share.ts';
import { minimumSize } from '../../selection/rules/minimum-size.ts';
import type { JudgedProblem, Problem } from '../problem.ts';

export type MeasuredProblem = Pick<Problem, 'id' | 'domain' | 'topic'> & {
  iteration: number;
  /** The judge’s difficulty from 0 to 1, null where it was not asked. */
  judged: number | null;
  /** Agreement from 0 to 1; 0 where no consensus can be had, null where a fault left the problem unmeasured. */
  agreement: number | null;
  decided: boolean;
};

/** Of a stored selection. */
export type MeasuredSelection = {
  problemId: string;
  selected: string | null;
  evidence?: { clusterShare: number } | undefined;
  rules: readonly { rule: string; refused: number }[];
  health: { largestShare: number };
};

/** Of a problem that has usable tests, however few. */
export type UsableTests = { problemId: string; tests: number };

/** The problems that an iteration accepted, in the order in which they are given. `minimum`: usable tests needed. */
export const measuredProblems = (
  iteration: number,
  {
    problems,
    selections,
    tests,
    minimum,
  }: {
    problems: readonly Pick<JudgedProblem, 'problem' | 'accepted' | 'difficulty'>[];
    selections: readonly MeasuredSelection[];
    tests: readonly UsableTests[];
    minimum: number;
  },
): MeasuredProblem[] => {
  const selectionOf = new Map(selections.map((selection) => [selection.problemId, selection]));
  const untestable = new Set(tests.filter((line) => line.tests < minimum).map(({ problemId }) => problemId));
  return problems.flatMap(({ problem: { id, domain, topic }, accepted, difficulty }) => {
    if (!accepted) return [];
    const selection = selectionOf.get(id);
    const agreement = selection ? agreementOf(selection) : untestable.has(id) ? 0 : null;
    const decided = selection?.selected != null;
    return [{ iteration, id, domain, topic, judged: difficulty ?? null, agreement, decided }];
  });
};

/** What is only too small to be chosen is agreement all the same, if little. */
const RULES_OF_SIZE: readonly string[] = [minimumSize.name, minimumShare.name];

/**
 * Candidates that agree on None or on a constant do not agree. Rules against trivial clusters see none that is too
 * small, so where they refused one and nothing was chosen, no larger cluster is worth more.
 */
const agreementOf = ({ selected, evidence, rules, health }: MeasuredSelection): number => {
  if (selected !== null) return evidence?.clusterShare ?? health.largestShare;
  return rules.some(({ rule, refused }) => refused > 0 && !RULES_OF_SIZE.includes(rule))
    ? 0
    : health.largestShare;
};
