/** The bench’s table, and how verdicts are compared. */
import type { Matrix } from '../../../core/execution/batch.ts';

/** What, its value, the goal, verdicts that agree. */
export type Row = readonly [string, string, string, string?];

export const ratio = (one: number, other: number): string => (one / other).toFixed(2);

export const agreement = (ours: readonly boolean[][], theirs: readonly boolean[][]): string => {
  let same = 0;
  let all = 0;
  for (const [index, verdicts] of theirs.entries()) {
    all += verdicts.length;
    same += verdicts.filter((verdict, test) => ours[index]?.[test] === verdict).length;
  }
  return `${same} of ${all}`;
};

export const flips = (one: Matrix, other: Matrix): number =>
  one.candidates.reduce((sum, { outcomes }, index) => {
    const again = other.candidates[index]?.outcomes ?? [];
    return sum + outcomes.filter((outcome, test) => outcome !== again[test]).length;
  }, 0);

export const printTable = (rows: readonly Row[], load: number): string => {
  const lines = rows.map(([what, value, goal, same = '']) => `| ${what} | ${value} | ${goal} | ${same} |`);
  return [
    `Load before the run: ${load.toFixed(2)}`,
    '',
    '| | measured | goal | same verdicts |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
};
