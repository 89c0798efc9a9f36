/**
 * Cuts the n candidates of a problem into requests. Servers give the i-th sample of a request seed + i, so the
 * chunks' seeds follow one another: candidate k of a problem has the problem's seed + k, and no two share one.
 */
import type { CandidatesConfig } from '../config/campaign-config.ts';

export type Chunk = {
  index: number;
  /** Position of its first candidate among the problem's, from 0. */
  first: number;
  count: number;
  temperature: number;
  /** Seed of its first candidate. */
  seed: number;
  /** Position of its style in the prompt set's list. */
  style: number;
};

/** `problemIndex` shifts the styles, so that few chunks a problem still go through all styles over the problems. */
export const chunkPlan = (
  { count, chunk: size, temperature }: Pick<CandidatesConfig, 'count' | 'chunk' | 'temperature'>,
  { seed, styles, problemIndex }: { seed: number; styles: number; problemIndex: number },
): Chunk[] => {
  const chunks = Math.ceil(count / size);
  const [lowest, highest] = typeof temperature === 'number' ? [temperature, temperature] : temperature;
  return Array.from({ length: chunks }, (_, index) => ({
    index,
    first: index * size,
    count: Math.min(size, count - index * size),
    temperature: chunks === 1 ? (lowest + highest) / 2 : lowest + ((highest - lowest) * index) / (chunks - 1),
    seed: seed + index * size,
    style: (problemIndex + index) % styles,
  }));
};
