/** The best of a campaign that has not ended, which says so itself then. */
import { type BestIteration, bestIteration } from '../campaign/decide-next.ts';
import { isGivenUp, type Rollback } from '../campaign/rollback.ts';
import type { IterationRecord } from './iteration-record.ts';

export const bestSoFar = (
  records: readonly IterationRecord[],
  rollback: Rollback | null | undefined,
): BestIteration =>
  bestIteration(
    records
      .filter(({ n }) => !isGivenUp(rollback, n))
      .map(({ n, validation, training }) => ({
        n,
        score: validation?.score.passAt1 ?? null,
        trained: training !== undefined,
      })),
  );
