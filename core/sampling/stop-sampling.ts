/**
 * Whether more candidates can change what a problem's candidates agree on. The rule of Adaptive-Consistency
 * (Aggarwal et al., arXiv 2305.11860) asks whether the leading answer is the likelier one; this one asks what
 * matters here: whether it is still the largest once the budget is spent, which fewer candidates left make likelier.
 *
 * Error bound: each stop leaves, by the posterior of that moment, at most `risk` for another outcome, and a posterior
 * stays right whenever one chooses to look at it (Berger, "Statistical Decision Theory and Bayesian Analysis", 1985,
 * section 7.7), so the chance over all looks together is at most `risk` too: no division by their number. It is a
 * chance over the populations of the process in predictive-urn.ts; docs/selection.md has what was measured on others.
 */
import { leastCount } from '../statistics/least-count.ts';
import { type Bounds, LeaderChance } from './leader-chance.ts';
import { PredictiveUrn, type SampledSoFar } from './predictive-urn.ts';

export type StopRule = {
  /** Chance of another outcome at which sampling may stop. */
  risk: number;
  minClusterSize: number;
  minShare: number;
};

export type StopReason = 'leader-safe' | 'no-consensus-likely';

/** Why sampling may stop; undefined where it must go on. */
export const stopReason = (soFar: SampledSoFar, rule: StopRule): StopReason | undefined => {
  const { reason, loss } = outcomeOf(soFar, rule);
  const { low, high } = loss.bounds();
  const mayStop = high <= rule.risk || (low <= rule.risk && loss.exactly() <= rule.risk);
  return mayStop ? reason : undefined;
};

/**
 * What stopping would leave as the outcome, and the chance that all candidates give another one, a tie in the end
 * included.
 */
export const riskOfStopping = (
  soFar: SampledSoFar,
  rule: Omit<StopRule, 'risk'>,
): { reason: StopReason; risk: number } => {
  const { reason, loss } = outcomeOf(soFar, rule);
  return { reason, risk: loss.exactly() };
};

/** The chance of another outcome: cheap bounds, which settle most cases, and itself. */
type Loss = { bounds(): Bounds; exactly(): number };

const outcomeOf = (
  soFar: SampledSoFar,
  { minClusterSize, minShare }: Omit<StopRule, 'risk'>,
): { reason: StopReason; loss: Loss } => {
  const urn = new PredictiveUrn(soFar);
  const [leader = 0, second = 0] = urn.sizes;
  const needed = Math.max(minClusterSize, leastCount(minShare, soFar.total));
  if (leader < minClusterSize || leader < leastCount(minShare, soFar.sampled)) {
    const exactly = () => 1 - urn.chanceThatNoneReaches(needed);
    return { reason: 'no-consensus-likely', loss: { bounds: () => ({ low: 0, high: 1 }), exactly } };
  }
  if (leader >= needed && leader - second > urn.left) return { reason: 'leader-safe', loss: NO_LOSS };
  const leading = new LeaderChance(urn, needed);
  const exactly = () => 1 - leading.chance();
  return { reason: 'leader-safe', loss: { bounds: () => leading.lossBounds(), exactly } };
};

/** Where nothing that is left can change it. */
const NO_LOSS: Loss = { bounds: () => ({ low: 0, high: 0 }), exactly: () => 0 };
