/**
 * The chance that the leading cluster ends larger than every other one. Each rival's own chance to catch up bounds it
 * from both sides, which settles most questions at a glance; rivals without a chance are left out of the rest. For
 * them it is one coefficient of the product of power series (predictive-urn.ts) for each size that the leader may
 * reach, evaluated on a circle (coefficients-on-circle.ts): quadratic in the candidates where products are cubic.
 */
import { negativeBinomial, type Series } from '../statistics/power-series.ts';
import { Circle } from './coefficients-on-circle.ts';
import { type PredictiveUrn, type SizeClass, sizeClasses } from './predictive-urn.ts';

/** Chances below this are left out, and none is told more exactly. */
const NEGLIGIBLE = 1e-12;

export type Bounds = { low: number; high: number };

export class LeaderChance {
  readonly #urn: PredictiveUrn;
  readonly #circle: Circle;
  /** Coefficients of the leader's new members, and of all else's. */
  readonly #growth: Series;
  readonly #others: Series;
  /** What a coefficient of everything is divided by. */
  readonly #all: number;
  /** Of new members, below which the leader is nothing. */
  readonly #least: number;
  /** Chances that the leader ends too small, and that it is caught up by one of a class, or by what is yet unseen. */
  readonly #short: number;
  readonly #rivals: readonly (SizeClass & { chance: number })[];
  readonly #born: number;

  /** `needed`: members below which the leader is nothing. */
  constructor(urn: PredictiveUrn, needed: number) {
    const { left, weight, discount } = urn;
    this.#urn = urn;
    this.#circle = new Circle(weight, left);
    const { ratio } = this.#circle;
    const own = this.#leader - discount;
    this.#growth = negativeBinomial(own, ratio, left);
    this.#others = negativeBinomial(weight - own, ratio, left);
    this.#all = negativeBinomial(weight, ratio, left)[left] ?? 0;
    this.#least = Math.max(0, needed - this.#leader);
    let short = 0;
    for (let grown = 0; grown < Math.min(this.#least, left + 1); grown += 1)
      short += (this.#growth[grown] ?? 0) * (this.#others[left - grown] ?? 0);
    this.#short = short / this.#all;
    this.#rivals = this.#catchingUp();
    this.#born = this.#bornAndCatchingUp();
  }

  get #leader(): number {
    return this.#urn.sizes[0] ?? 0;
  }

  /** Of the chance that it does not stay: the likeliest way, and the sum over all ways (Boole's inequality). */
  lossBounds(): Bounds {
    const [first] = this.#rivals;
    const caughtUp = this.#rivals.reduce((sum, { count, chance }) => sum + count * chance, 0);
    return {
      low: this.#short + (first?.chance ?? 0),
      high: Math.min(1, this.#short + caughtUp + this.#born + NEGLIGIBLE),
    };
  }

  /** That the leader ends with what it needs and larger than every other cluster, to about 11 digits. */
  chance(): number {
    const { left, weight, unseen, sizes, discount } = this.#urn;
    const rivals = this.#rivals.filter(({ count, chance }) => count * chance > NEGLIGIBLE);
    const bounded = { rivals, born: this.#born > NEGLIGIBLE };
    const bound = rivals.reduce((sum, { size, count }) => sum + count * (size - discount), 0);
    const free = weight - (this.#leader - discount) - bound - (bounded.born ? unseen : 0);
    const largest = rivals[0]?.size ?? 0;
    let chance = 0;
    const open: number[] = [];
    for (let grown = this.#least; grown <= left; grown += 1) {
      const rest = left - grown;
      const term = (this.#growth[grown] ?? 0) * (this.#others[rest] ?? 0);
      const canBeReached = largest + rest >= this.#leader + grown && (rivals.length > 0 || bounded.born);
      if (!canBeReached) chance += term;
      else if (term > (NEGLIGIBLE * this.#all) / left) open.push(grown);
    }
    if (open.length > 0 && sizes.length > 0) {
      const coefficient = this.#circle.boundedOthers(this.#urn, { ...bounded, free });
      for (const grown of open)
        chance += (this.#growth[grown] ?? 0) * coefficient(this.#leader + grown - 1, left - grown);
    }
    return Math.min(1, Math.max(0, chance / this.#all));
  }

  /** By class, the largest first: that one of it ends as large as a leader that has what it needs, or larger. */
  #catchingUp(): (SizeClass & { chance: number })[] {
    const { left, weight, discount, sizes } = this.#urn;
    const classes: (SizeClass & { chance: number })[] = [];
    for (const { size, count } of sizeClasses(sizes.slice(1))) {
      const growth = negativeBinomial(size - discount, this.#circle.ratio, left);
      const rest = weight - (this.#leader - discount) - (size - discount);
      const chance = this.#reaching(growth, size, negativeBinomial(rest, this.#circle.ratio, left));
      classes.push({ size, count, chance });
      // Smaller ones have less.
      if (chance * sizes.length < NEGLIGIBLE) break;
    }
    return classes;
  }

  /** Expected number of clusters that are not seen yet and end as large as the leader. */
  #bornAndCatchingUp(): number {
    const { left, weight, unseen, discount } = this.#urn;
    const { ratio } = this.#circle;
    // One cluster taken out of (1 − d·W)^(−θ'/d) leaves θ'·(1 − d·W)^(−θ'/d − 1), and without bounds 1 − d·W is (1 − r·z)^d.
    const rest = negativeBinomial(weight - (this.#leader - discount) + discount, ratio, left);
    const one = this.#urn.blocks(ratio).map((block) => unseen * block * (1 - ratio) ** -discount);
    return this.#reaching(one, 0, rest);
  }

  #reaching(growth: Series, size: number, rest: Series): number {
    const { left } = this.#urn;
    let chance = 0;
    for (let own = this.#least; own <= left; own += 1) {
      let caught = 0;
      for (let grown = this.#leader + own - size; grown <= left - own; grown += 1)
        caught += (growth[grown] ?? 0) * (rest[left - own - grown] ?? 0);
      chance += (this.#growth[own] ?? 0) * caught;
    }
    return chance / this.#all;
  }
}
