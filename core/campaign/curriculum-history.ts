/** Which earlier iterations a curriculum looks back on. */
import type { IterationBrief } from '../report/iteration-brief.ts';
import { isGivenUp, type Rollback } from './rollback.ts';

export type CurriculumHistory = {
  /** Earlier iterations that still hold: the schedule’s step. */
  step: number;
  /** Iterations whose measures count, in their order. */
  measuredIn: number[];
};

/**
 * Of the iterations before `n`. What an iteration measured tells of the model that it sampled from: it counts unless
 * that model was given up, even where what was trained on it was.
 */
export const curriculumHistory = (
  iterations: readonly Pick<IterationBrief, 'n' | 'work'>[],
  rollback: Rollback | null,
  n: number,
): CurriculumHistory => {
  const earlier = iterations.filter((other) => other.n > 0 && other.n < n);
  return {
    step: earlier.filter((other) => !isGivenUp(rollback, other.n)).length,
    measuredIn: earlier.flatMap(({ n: measured, work }) => {
      if (!work || (work.from !== 'base' && isGivenUp(rollback, work.from.iteration))) return [];
      return [measured];
    }),
  };
};
