/** Uniform draws that depend on the seed, the strategy and the problem only. */
import { seededRandom } from '../../statistics/seeded-random.ts';
import type { MeasuredCandidate } from '../population.ts';
import type { Choice, StrategyInput } from './selection-strategy.ts';

/** `candidates` must be in order of id. `otherwise` says why there is none to draw from. */
export const drawOne = (
  strategy: string,
  candidates: readonly MeasuredCandidate[],
  { policy, population }: StrategyInput,
  otherwise: string,
): Choice => {
  const random = seededRandom(policy.seed, `${strategy}/${population.problemId}`);
  const winner = candidates[Math.floor(random() * candidates.length)];
  return winner ? { winner } : { winner: null, reason: otherwise };
};
