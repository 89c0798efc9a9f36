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
  const { reason, risk } = riskOfStopping(soFar, rule);
  return risk <= rule.risk ? reason : undefined;
};

/**
 * What stopping would leave as the outcome, and the chance that all candidates give another one, a tie in the end
 * included.
 */
export const riskOfStopping = (
  soFar: SampledSoFar,
  { minClusterSize, minShare }: Omit<StopRule, 'risk'>,
): { reason: StopReason; risk: number } => {
  const urn = new PredictiveUrn(soFar);
  const [leader = 0] = urn.sizes;
  const needed = Math.max(minClusterSize, leastCount(minShare, soFar.total));
  return leader >= minClusterSize && leader >= leastCount(minShare, soFar.sampled)
    ? { reason: 'leader-safe', risk: 1 - urn.chanceThatLeaderStays(needed) }
    : { reason: 'no-consensus-likely', risk: 1 - urn.chanceThatNoneReaches(needed) };
};
