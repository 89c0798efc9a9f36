/** Selection accuracy of every strategy over the same problems, beside picking at random and the oracle. */
import { SelectionConfig, STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import { markdownTable } from '../../../core/report/markdown-table.ts';
import { select } from '../../../core/selection/select.ts';
import { type BootstrapResult, bootstrapMean, pairedBootstrap } from '../../../core/statistics/bootstrap.ts';
import type { JudgedProblem } from './simulate-problem.ts';

export type StrategyScore = {
  name: string;
  /** 1 where the chosen program passes the hidden tests, by problem; nothing chosen counts as 0. */
  right: readonly number[];
  accuracy: BootstrapResult;
  decided: number;
  /** Accuracy minus the paper’s, over the same problems. */
  againstPaper: BootstrapResult;
  /** Accuracy minus our own strategy’s. */
  againstOurs: BootstrapResult;
};

type Entry = { name: string; policy: Partial<SelectionConfig> };

const ENTRIES: readonly Entry[] = [
  ...STRATEGY_NAMES.map((strategy) => ({ name: strategy, policy: { strategy } })),
  // The only other strategy for which the signature is free.
  { name: 'majority-weighted, output', policy: { strategy: 'majority-weighted', signature: 'output' } },
];

const PAPER = 'consensus';
const OURS = 'dual-output';

/** Problems on which no candidate is right are left out: no selection can be right there. */
export const compareStrategies = (problems: readonly JudgedProblem[]): StrategyScore[] => {
  const solvable = problems.filter(({ right }) => right.size > 0);
  const chosen = ENTRIES.map(({ name, policy }) => {
    const settings = { ...SelectionConfig.parse(policy), seed: 0 };
    const ids = solvable.map(({ matrix }) => select(matrix, settings).selected);
    return {
      name,
      right: ids.map((id, index) => (id !== null && solvable[index]?.right.has(id) ? 1 : 0)),
      decided: ids.filter((id) => id !== null).length,
    };
  });
  const atRandom = solvable.map(({ right, matrix }) => right.size / matrix.candidates.length);
  const all = [
    { name: 'at random (expected)', right: atRandom, decided: solvable.length },
    ...chosen,
    { name: 'oracle', right: solvable.map(() => 1), decided: solvable.length },
  ];
  const rightOf = (name: string) => all.find((entry) => entry.name === name)?.right ?? [];
  return all.map((entry) => ({
    ...entry,
    accuracy: bootstrapMean(entry.right),
    againstPaper: pairedBootstrap(rightOf(PAPER), entry.right),
    againstOurs: pairedBootstrap(rightOf(OURS), entry.right),
  }));
};

export const scoreTable = (scores: readonly StrategyScore[]): string =>
  markdownTable(
    ['strategy', 'right', '95 %', 'decided', 'minus consensus', 'minus dual-output'],
    scores.map(({ name, accuracy, decided, right, againstPaper, againstOurs }) => [
      name,
      accuracy.mean.toFixed(3),
      `${accuracy.low.toFixed(3)} to ${accuracy.high.toFixed(3)}`,
      (decided / right.length).toFixed(3),
      difference(againstPaper),
      difference(againstOurs),
    ]),
  );

/** A star where the interval does not hold 0. */
const difference = ({ mean, low, high }: BootstrapResult): string => {
  const sign = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
  const isSignificant = low > 0 || high < 0;
  return `${sign(mean)} (${sign(low)} to ${sign(high)})${isSignificant ? ' *' : ''}`;
};

/** Accuracy by population, one column each; a star marks what is significantly better than dual-output. */
export const variationTable = (scores: Readonly<Record<string, readonly StrategyScore[]>>): string => {
  const names = Object.keys(scores);
  const [first = []] = Object.values(scores);
  const rows = first.map(({ name }, index) => [
    name,
    ...names.map((population) => {
      const score = scores[population]?.[index];
      if (!score) return '-';
      return `${score.accuracy.mean.toFixed(3)}${score.againstOurs.low > 0 && name !== 'oracle' ? ' *' : ''}`;
    }),
  ]);
  return markdownTable(['strategy', ...names], rows);
};
