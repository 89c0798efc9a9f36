/** Each look at a benchmark spends some of its worth: scores that were chosen on it are no longer a test. */
import { z } from 'zod';
import type { IterationRecord } from './iteration-record.ts';

export const BenchmarkLook = z.object({
  iteration: z.int().min(0),
  benchmark: z.string(),
  as: z.enum(['validation', 'evaluation']),
  questions: z.int().min(0),
  passed: z.int().min(0),
});
export type BenchmarkLook = z.infer<typeof BenchmarkLook>;

/** The campaign’s own held-out set is no benchmark. */
const HELDOUT = 'heldout';

export const benchmarkLooks = (records: readonly IterationRecord[]): BenchmarkLook[] =>
  records.flatMap(({ n, validation, evaluation }) => {
    const looks = [
      ...(validation ? [{ ...validation, as: 'validation' as const }] : []),
      ...evaluation.map((named) => ({ ...named, as: 'evaluation' as const })),
    ];
    return looks
      .filter(({ set }) => set !== HELDOUT)
      .map(({ set, score, as }) => ({
        iteration: n,
        benchmark: set,
        as,
        questions: score.total,
        passed: score.passed,
      }));
  });
