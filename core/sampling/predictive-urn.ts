/**
 * What the candidates still to come will look like, after a Pitman-Yor process (Pitman and Yor, Ann. Probab. 25,
 * 1997): the next one joins a cluster of k members with weight k − d, a cluster that was never seen with weight
 * θ + d·clusters, and no cluster with the number of those that joined none. Nothing is sampled here: the chances are
 * exact under the process. Counts of an urn's colours are independent negative binomials, given their sum (the same
 * device as Levin's for multinomials, Ann. Statist. 9, 1981), so that a chance about all clusters at once is one
 * coefficient of a product of power series.
 */
import { negativeBinomial, powerOf, productOf, type Series } from '../statistics/power-series.ts';

export type SampledSoFar = {
  /** Sizes of the clusters that may still be chosen: no rule but one on their size refuses them. */
  sizes: readonly number[];
  /** Candidates so far, those in no cluster included. */
  sampled: number;
  /** Candidates that will be sampled at most. */
  total: number;
};

/** θ: half a candidate's worth of belief in what was never seen, as in Jeffreys' prior. */
const UNSEEN = 0.5;
const MAXIMUM_DISCOUNT = 0.95;

/** Clusters of one size. */
export type SizeClass = { size: number; count: number };

export class PredictiveUrn {
  /** Sizes of the clusters, the largest first. */
  readonly sizes: readonly number[];
  /** Candidates to come. */
  readonly left: number;
  readonly discount: number;
  /** Weight of all clusters that were never seen. */
  readonly unseen: number;
  /** Candidates that joined no cluster; they draw others that join none. */
  readonly nowhere: number;
  /** Of everything, so that the weights of clusters, `unseen` and `nowhere` add up to it. */
  readonly weight: number;

  constructor({ sizes, sampled, total }: SampledSoFar) {
    this.sizes = sizes.filter((size) => size > 0).sort((a, b) => b - a);
    this.left = total - sampled;
    this.discount = discountOf(this.sizes);
    this.unseen = UNSEEN + this.discount * this.sizes.length;
    this.nowhere = sampled - this.sizes.reduce((sum, size) => sum + size, 0);
    this.weight = sampled + UNSEEN;
  }

  /** That every cluster ends below `needed` members, those that were never seen included. */
  chanceThatNoneReaches(needed: number): number {
    const { left, weight, nowhere, sizes, discount } = this;
    const cap = needed - 1;
    if ((sizes[0] ?? 0) > cap) return 0;
    // Of the negative binomials: any from 0 to 1 is right, and this one loses fewest digits.
    const ratio = left / (left + weight);
    let others = productOf(negativeBinomial(nowhere, ratio, left), this.bornUpTo(cap, ratio), left);
    for (const { size, count } of sizeClasses(sizes)) {
      const growth = negativeBinomial(size - discount, ratio, Math.min(cap - size, left));
      others = productOf(others, powerOf(growth, count, left), left);
    }
    const all = negativeBinomial(weight, ratio, left)[left] ?? 0;
    return Math.min(1, (others[left] ?? 0) / all);
  }

  /**
   * Clusters that are still to be born, none above `cap` members. They are again a Pitman-Yor process, of strength
   * θ' = θ + d·clusters, whose partitions have the generating function (1 − d·W)^(−θ'/d) with
   * W = Σ (1 − d)(2 − d)…(j − 1 − d)·zʲ / j! (Pitman, "Combinatorial Stochastic Processes", 2006, sections 1.2 and
   * 3.2); for blocks of at most `cap` W ends there. Its logarithmic derivative gives the recurrence, also for d = 0.
   */
  bornUpTo(cap: number, ratio: number): Series {
    const { left, unseen, discount } = this;
    const block = this.blocks(ratio);
    const born = new Float64Array(left + 1);
    born[0] = (1 - ratio) ** unseen;
    for (let members = 1; members <= left; members += 1) {
      let sum = 0;
      for (let size = 1; size <= Math.min(cap, members); size += 1) {
        const ways = unseen * size + discount * (members - size);
        sum += ways * (block[size] ?? 0) * (born[members - size] ?? 0);
      }
      born[members] = sum / members;
    }
    return born;
  }

  /** The coefficients of W, of a cluster that is still to be born. */
  blocks(ratio: number): Series {
    const block = new Float64Array(this.left + 1);
    let weight = ratio;
    for (let size = 1; size <= this.left; size += 1) {
      block[size] = weight;
      weight *= (ratio * (size - this.discount)) / (size + 1);
    }
    return block;
  }
}

/**
 * d, from the clusters of one and of two members (Ney, Essen and Kneser, Computer Speech and Language 8, 1994), with
 * one cluster of two added, so that a first single candidate does not claim that everything to come is new.
 */
const discountOf = (sizes: readonly number[]): number => {
  const ones = sizes.filter((size) => size === 1).length;
  const twos = sizes.filter((size) => size === 2).length;
  return ones === 0 ? 0 : Math.min(MAXIMUM_DISCOUNT, ones / (ones + 2 * (twos + 1)));
};

/** Each distinct size and how often it occurs, in the order in which they are given. */
export const sizeClasses = (sizes: readonly number[]): SizeClass[] => {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return [...counts].map(([size, count]) => ({ size, count }));
};
