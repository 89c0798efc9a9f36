/** Matrices in shorthand: one letter an outcome. */
import type { Outcome } from '../../../core/execution/batch.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';

const LETTERS: Record<string, Outcome> = {
  p: 'pass',
  f: 'fail',
  e: 'error',
  t: 'timeout',
  y: 'flaky',
  n: 'not-run',
};

export type Row = {
  bits: string;
  outputs?: (string | null)[];
  perplexity?: number;
  code?: string;
  signals?: { lint?: number };
};

export const row = (bits: string, ...outputs: (string | null)[]): Row => ({ bits, outputs });

/** `calls` makes the tests objects; else they are t1, t2, …. */
export const matrixOf = (
  rows: Record<string, string | Row>,
  { tests, calls }: { tests?: number; calls?: string[] } = {},
): SelectionMatrix => {
  const entries = Object.entries(rows).map(
    ([id, given]) => [id, typeof given === 'string' ? { bits: given } : given] as const,
  );
  const count = tests ?? entries[0]?.[1].bits.length ?? 0;
  return {
    id: 'p1',
    tests: Array.from({ length: count }, (_, t) => {
      const call = calls?.[t];
      return call === undefined ? `t${t + 1}` : { id: `t${t + 1}`, call };
    }),
    candidates: entries.map(([id, { bits, ...rest }]) => ({
      id,
      outcomes: [...bits].map((letter) => LETTERS[letter] ?? 'crash'),
      ...rest,
    })),
  };
};
