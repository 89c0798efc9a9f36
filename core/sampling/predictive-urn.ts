/**
 * What the candidates still to come will look like, after a Pitman-Yor process (Pitman and Yor, Ann. Probab. 25,
 * 1997): the next one joins a cluster of k members with weight k − d, a cluster that was never seen with weight
 * θ + d·clusters, and no cluster with the number of those that joined none. Nothing is sampled here and nothing
 * bounded: the chances are exact under the process. Counts of an urn's colours are independent negative binomials,
 * given their sum (the same device as Levin's for multinomials, Ann. Statist. 9, 1981), so that a chance about all
 * clusters at once is one coefficient of a product of power series.
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

export class PredictiveUrn {
  /** Sizes of the clusters, the largest first. */
  readonly sizes: readonly number[];
  readonly #left: number;
  /** Of the negative binomials: any from 0 to 1 is right, and this one loses fewest digits. */
  readonly #ratio: number;
  readonly #discount: number;
  readonly #unseen: number;
  readonly #nowhere: Series;
  readonly #sum: number;

  constructor({ sizes, sampled, total }: SampledSoFar) {
    this.sizes = sizes.filter((size) => size > 0).sort((a, b) => b - a);
    this.#left = total - sampled;
    this.#ratio = this.#left / (this.#left + sampled + UNSEEN);
    this.#discount = discountOf(this.sizes);
    this.#unseen = UNSEEN + this.#discount * this.sizes.length;
    const nowhere = sampled - this.sizes.reduce((sum, size) => sum + size, 0);
    this.#nowhere = negativeBinomial(nowhere, this.#ratio, this.#left);
    this.#sum = negativeBinomial(sampled + UNSEEN, this.#ratio, this.#left)[this.#left] ?? 0;
  }

  /** That the first cluster ends with `needed` members or more and larger than every other one. */
  chanceThatLeaderStays(needed: number): number {
    const [leader = 0, ...rivals] = this.sizes;
    const second = rivals[0] ?? 0;
    // Also where the numbers are too small for floats: then nothing that is left can change it.
    if (leader >= needed && leader - second > this.#left) return 1;
    const growth = negativeBinomial(leader - this.#discount, this.#ratio, this.#left);
    let chance = 0;
    for (let grown = Math.max(0, needed - leader); grown <= this.#left; grown += 1) {
      const rest = this.#left - grown;
      chance += (growth[grown] ?? 0) * this.#othersUpTo(leader + grown - 1, rivals, rest);
    }
    return Math.min(1, chance / this.#sum);
  }

  /** That every cluster ends below `needed` members. */
  chanceThatNoneReaches(needed: number): number {
    return Math.min(1, this.#othersUpTo(needed - 1, this.sizes, this.#left) / this.#sum);
  }

  /** Coefficient of `draws` in the product of what is no leader, clusters of more than `cap` members left out. */
  #othersUpTo(cap: number, clusters: readonly number[], draws: number): number {
    if ((clusters[0] ?? 0) > cap || cap < 0) return 0;
    let others = productOf(this.#nowhere, this.#bornUpTo(cap, draws), draws);
    for (const [size, count] of countsOf(clusters)) {
      const growth = negativeBinomial(size - this.#discount, this.#ratio, Math.min(cap - size, draws));
      others = productOf(others, powerOf(growth, count, draws), draws);
    }
    return others[draws] ?? 0;
  }

  /**
   * Clusters that are still to be born, none above `cap` members. They are again a Pitman-Yor process, of strength
   * θ' = θ + d·clusters, whose partitions have the generating function (1 − d·W)^(−θ'/d) with
   * W = Σ (1 − d)(2 − d)…(j − 1 − d)·zʲ / j! (Pitman, "Combinatorial Stochastic Processes", 2006, sections 1.2 and
   * 3.2); for blocks of at most `cap` W ends there. Its logarithmic derivative gives the recurrence, also for d = 0.
   */
  #bornUpTo(cap: number, degree: number): Series {
    const block = new Float64Array(degree + 1);
    let weight = this.#ratio;
    for (let size = 1; size <= Math.min(cap, degree); size += 1) {
      block[size] = weight;
      weight *= (this.#ratio * (size - this.#discount)) / (size + 1);
    }
    const born = new Float64Array(degree + 1);
    born[0] = (1 - this.#ratio) ** this.#unseen;
    for (let members = 1; members <= degree; members += 1) {
      let sum = 0;
      for (let size = 1; size <= Math.min(cap, members); size += 1) {
        const ways = this.#unseen * size + this.#discount * (members - size);
        sum += ways * (block[size] ?? 0) * (born[members - size] ?? 0);
      }
      born[members] = sum / members;
    }
    return born;
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

/** Each distinct size and how often it occurs. */
const countsOf = (sizes: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return counts;
};
