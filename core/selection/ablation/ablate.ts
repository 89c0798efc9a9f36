/**
 * Every strategy over the same stored matrices, without a model: what a campaign would have learned from, had it
 * chosen otherwise. It is the paper’s ablation (arXiv 2512.17385) up to the training, for one’s own campaign.
 */
import { STRATEGY_NAMES } from '../../config/selection-config.ts';
import { select } from '../select.ts';
import type { SelectionPolicy } from '../selection-policy.ts';
import { candidatesNeeded } from './candidates-needed.ts';
import { chooseTheSame } from './choose-the-same.ts';
import type { StoredProblem } from './stored-problem.ts';

export type AblationRow = {
  strategy: string;
  decided: number;
  /** Problems on which its choice gives the same answers as the campaign’s, choosing nothing included. */
  agreed: number;
  /** Decided problems that would be trained on: without held-out ones and repeated pairs. */
  pairs: number;
  /** Candidates after which the choice no longer changed; docs/selection.md says how that is counted. */
  candidatesNeeded: number;
  /** Their completion tokens; null where a problem does not tell. */
  tokensNeeded: number | null;
};

export type Ablation = {
  problems: number;
  candidates: number;
  tokens: number | null;
  /** Problems on which the campaign chose a program. */
  decided: number;
  /** Whose choice the others are compared with: the campaign’s, or a strategy’s where there is none. */
  comparedWith: string;
  strategies: AblationRow[];
};

export const ablate = async (
  problems: AsyncIterable<StoredProblem> | Iterable<StoredProblem>,
  policy: SelectionPolicy,
): Promise<Ablation> => {
  const tallies = STRATEGY_NAMES.map((strategy) => ({
    policy: { ...policy, strategy },
    ...emptyTally(strategy),
  }));
  const total: Ablation = {
    problems: 0,
    candidates: 0,
    tokens: 0,
    decided: 0,
    comparedWith: policy.strategy,
    strategies: tallies.map(({ row }) => row),
  };
  for await (const problem of problems) {
    const { matrix, chosen } = problem;
    const choice = chosen === undefined ? select(matrix, policy).selected : chosen;
    if (chosen !== undefined) total.comparedWith = 'the campaign';
    total.problems += 1;
    total.candidates += matrix.candidates.length;
    total.tokens = plus(total.tokens, tokensOf(problem, matrix.candidates));
    if (choice !== null) total.decided += 1;
    for (const tally of tallies) count(tally, problem, choice);
  }
  return total;
};

type Tally = { policy: SelectionPolicy; row: AblationRow; pairs: Set<string> };

const emptyTally = (strategy: string): Omit<Tally, 'policy'> => ({
  row: { strategy, decided: 0, agreed: 0, pairs: 0, candidatesNeeded: 0, tokensNeeded: 0 },
  pairs: new Set(),
});

const count = ({ policy, row, pairs }: Tally, problem: StoredProblem, choice: string | null): void => {
  const { matrix, question, isHeldout } = problem;
  const { selected } = select(matrix, policy);
  if (chooseTheSame(matrix, selected, choice)) row.agreed += 1;
  const needed = candidatesNeeded(matrix, policy, selected);
  row.candidatesNeeded += needed.length;
  row.tokensNeeded = plus(row.tokensNeeded, tokensOf(problem, needed));
  if (selected === null) return;
  row.decided += 1;
  if (isHeldout) return;
  const code = matrix.candidates.find(({ id }) => id === selected)?.code ?? `${matrix.id}/${selected}`;
  pairs.add(JSON.stringify([question, code]));
  row.pairs = pairs.size;
};

const tokensOf = (
  { tokens }: StoredProblem,
  candidates: StoredProblem['matrix']['candidates'],
): number | null => {
  if (tokens === undefined) return null;
  return candidates.reduce((sum, { id }) => sum + (tokens.get(id) ?? 0), 0);
};

const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
