/**
 * Whether more candidates can change what a problem's candidates agree on. The rule of Adaptive-Consistency
 * (Aggarwal et al., arXiv 2305.11860) asks whether the leading answer is the likelier one; this one asks what
 * matters here: whether it is still the largest once the budget is spent. Its posterior is a Pitman-Yor process
 * (Pitman and Yor, 1997), under which what follows is a Pólya urn: a cluster of k members weighs k − d, all that
 * was never seen weighs θ + d·clusters. A small d is the prior of few kinds of mistakes; d is estimated from the
 * clusters of one and of two members (Ney, Essen and Kneser, 1994), so that many singletons weigh little each.
 */
import { betaBinomial } from '../statistics/beta-binomial.ts';

export type SampledSoFar = {
  /** Sizes of the clusters that may still be chosen: no rule but one on their size refuses them. */
  sizes: readonly number[];
  /** Candidates so far, those in no cluster included. */
  sampled: number;
  /** Candidates that will be sampled at most. */
  total: number;
};

export type StopRule = {
  /** Chance of another outcome at which sampling may stop. */
  risk: number;
  minClusterSize: number;
  minShare: number;
};

export type StopReason = 'leader-safe' | 'no-consensus-likely';

/** θ: one candidate's worth of belief in what was never seen. */
const UNSEEN = 1;
const MAXIMUM_DISCOUNT = 0.95;

/** Why sampling may stop; undefined where it must go on. */
export const stopReason = (
  { sizes, sampled, total }: SampledSoFar,
  { risk, minClusterSize, minShare }: StopRule,
): StopReason | undefined => {
  const left = total - sampled;
  const [leader = 0, ...rivals] = [...sizes].sort((a, b) => b - a);
  const urn = { discount: discountOf(sizes), weight: sampled + UNSEEN, left };
  const needed = Math.max(minClusterSize, Math.ceil(minShare * total - 1e-9));
  const isEnough = leader >= minClusterSize && leader >= minShare * sampled - 1e-9;
  if (isEnough) {
    const short = leader >= needed ? 0 : 1 - chanceToReach(leader, needed, urn);
    return short + chanceOfOvertaking(leader, rivals, urn) <= risk ? 'leader-safe' : undefined;
  }
  const births = expectedBirths(sizes.length, urn);
  const reached =
    countsOf([leader, ...rivals].filter((size) => size > 0)).reduce(
      (sum, [size, count]) => sum + count * chanceToReach(size, needed, urn),
      0,
    ) +
    births * chanceToReach(1, needed, urn);
  return reached <= risk ? 'no-consensus-likely' : undefined;
};

type Urn = { discount: number; weight: number; left: number };

const discountOf = (sizes: readonly number[]): number => {
  const ones = sizes.filter((size) => size === 1).length;
  const twos = sizes.filter((size) => size === 2).length;
  return ones === 0 ? 0 : Math.min(MAXIMUM_DISCOUNT, ones / (ones + 2 * twos));
};

/** The union bound over all rivals, and over clusters that are still to be born. */
const chanceOfOvertaking = (leader: number, rivals: readonly number[], urn: Urn): number => {
  const seen = countsOf(rivals).reduce(
    (sum, [size, count]) => sum + count * chanceOfOne(leader, size, urn),
    0,
  );
  return seen + expectedBirths(rivals.length + 1, urn) * chanceOfOne(leader, 1, urn);
};

/** New clusters among the draws left, as if none that is born made the next less likely. */
const expectedBirths = (clusters: number, { discount, weight, left }: Urn): number =>
  (left * (UNSEEN + discount * clusters)) / weight;

/** That a rival ends at least as large as the leader: only draws of the two matter, and which of them. */
const chanceOfOne = (leader: number, rival: number, { discount, weight, left }: Urn): number => {
  const gap = leader - rival;
  if (gap > left) return 0;
  const [a, b] = [leader - discount, rival - discount];
  const drawn = betaBinomial(left, a + b, weight - a - b);
  let chance = 0;
  for (let both = Math.max(0, gap); both <= left; both += 1) {
    const leads = betaBinomial(both, a, b);
    const atMost = Math.floor((both - gap) / 2);
    let overtaken = 0;
    for (let k = 0; k <= atMost; k += 1) overtaken += leads[k] ?? 0;
    chance += (drawn[both] ?? 0) * overtaken;
  }
  return chance;
};

const chanceToReach = (size: number, needed: number, { discount, weight, left }: Urn): number => {
  if (size >= needed) return 1;
  if (size + left < needed) return 0;
  const own = size - discount;
  return betaBinomial(left, own, weight - own)
    .slice(needed - size)
    .reduce((sum, probability) => sum + probability, 0);
};

/** Each distinct size and how often it occurs: equal rivals have equal chances. */
const countsOf = (sizes: readonly number[]): [number, number][] => {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return [...counts];
};
