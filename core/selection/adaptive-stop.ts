/** Ends adaptive sampling: the question to ask depends on what a strategy looks at. */
import { type StopReason, stopReason } from '../sampling/stop-sampling.ts';
import { type Horizon, stopsScoring } from './choice-in-play.ts';
import { sizesInPlay } from './clusters-in-play.ts';
import type { SelectionMatrix } from './selection-matrix.ts';
import type { SelectionPolicy } from './selection-policy.ts';
import { STRATEGIES } from './strategies/registry.ts';

/** Why sampling may stop; undefined where it must go on, and for strategies that look at no clusters. */
export const adaptiveStop = (
  matrix: SelectionMatrix,
  policy: SelectionPolicy,
  { sampled, total, risk }: Horizon,
): StopReason | undefined => {
  const { choosesBy } = STRATEGIES[policy.strategy];
  if (choosesBy === 'size')
    return stopReason({ sizes: sizesInPlay(matrix, policy), sampled, total }, { ...policy, risk });
  return choosesBy === 'score' ? stopsScoring(matrix, policy, { sampled, total, risk }) : undefined;
};
