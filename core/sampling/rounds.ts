/** Rounds of adaptive sampling: whole chunks, each round as many candidates as all before it together. */
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
  for (let end = Math.ceil(adaptive.first / chunk); first < chunks; end *= 2) {
    const last = Math.min(end, chunks);
    rounds.push({ first, count: last - first });
    first = last;
  }
  return rounds;
};

/** The risk of each look: together they stay below the one that was asked for (Bonferroni). */
export const riskOfLook = (risk: number, rounds: number): number => risk / Math.max(1, rounds - 1);
