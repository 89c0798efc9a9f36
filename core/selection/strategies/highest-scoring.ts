/** For strategies that give each non-trivial cluster a score. */
import type { Cluster } from '../clusters.ts';
import { noConsensus } from './consensus.ts';
import type { Choice, StrategyInput } from './selection-strategy.ts';

/** Sums of floats in different orders may differ in the last digits; such scores are equal. */
const ROUNDING = 1e-9;

/** The best member of the cluster with the highest score; of equal scores, the first in the order of size. */
export const highestScoring = (input: StrategyInput, scoreOf: (cluster: Cluster) => number): Choice => {
  let best: { cluster: Cluster; score: number } | undefined;
  for (const cluster of input.eligible) {
    const score = scoreOf(cluster);
    if (best === undefined || score > best.score * (1 + ROUNDING)) best = { cluster, score };
  }
  return best ? { winner: best.cluster.best } : noConsensus(input);
};
