import type { CurriculumConfig } from '../../config/curriculum-config.ts';

/**
 * The target difficulty, from 0 to 1, after `step` earlier iterations: from start to end in equal steps, never
 * falling. Linear pacing: Bengio et al., "Curriculum learning", 2009, order by difficulty; Hacohen and Weinshall,
 * "On the power of curriculum learning in training deep networks", 2019, for pacing.
 */
export const targetDifficulty = ({ start, end, pace }: CurriculumConfig, step: number): number => {
  const done = pace <= 1 ? 1 : Math.min(1, step / (pace - 1));
  return start + (end - start) * done;
};
