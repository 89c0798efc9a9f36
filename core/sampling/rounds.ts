/**
 * Rounds of adaptive sampling, of whole chunks. What there is doubles from round to round, and with `halfway` it is
 * looked at once between, where half as many were added: 16, 32, 48, 64, 96, 128.
 */
import type { CandidatesConfig } from '../config/campaign-config.ts';
import type { ChunkGroup } from './chunk-groups.ts';

export const samplingRounds = ({
  count,
  chunk,
  adaptive,
}: Pick<CandidatesConfig, 'count' | 'chunk' | 'adaptive'>): ChunkGroup[] => {
  const chunks = Math.ceil(count / chunk);
  if (!adaptive) return [{ first: 0, count: chunks }];
  const rounds: ChunkGroup[] = [];
  let first = 0;
  const roundTo = (end: number): void => {
    const last = Math.min(Math.floor(end), chunks);
    if (last > first) rounds.push({ first, count: last - first });
    first = Math.max(first, last);
  };
  for (let end = Math.ceil(adaptive.first / chunk); first < chunks; end *= 2) {
    if (adaptive.looks === 'halfway' && first > 0) roundTo(0.75 * end);
    roundTo(end);
  }
  return rounds;
};
