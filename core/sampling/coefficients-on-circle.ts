/**
 * Coefficients of a product of power series from its values at equally spaced points of a circle (Lyness and Moler,
 * SIAM J. Numer. Anal. 4, 1967): exact but for the coefficients whole turns further on, which a smaller circle makes
 * as small as one wishes (Abate and Whitt, Oper. Res. Lett. 12, 1992), at the price of digits. Where a series is cut
 * off one term later from call to call, its values change by that term.
 */
import { negativeBinomial } from '../statistics/power-series.ts';
import type { PredictiveUrn, SizeClass } from './predictive-urn.ts';

/** Of the coefficients that are added by mistake to the one that is meant, as a logarithm. */
const ALIAS = Math.log(1e-15);
/** Least coefficient of everything: beside rounding of 1e-16 it leaves 12 digits. */
const LEAST_COEFFICIENT = 1e-4;
/** Factors of less than this, of at most 1, add nothing. */
const VANISHING = 1e-18;

export type BoundedOthers = {
  /** Clusters that must end no larger than the cap. */
  rivals: readonly SizeClass[];
  /** Whether those that were never seen must, too. */
  born: boolean;
  /** Weight of all else. */
  free: number;
};

/** `coefficient(cap, draws)`; caps must rise from call to call. */
export type Coefficient = (cap: number, draws: number) => number;

/** Values at the points of half a circle; the other half is their mirror image. */
type Values = { real: Float64Array; imaginary: Float64Array };

export class Circle {
  readonly #points: number;
  readonly #left: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  /** Of the negative binomials: the radius. */
  readonly ratio: number;

  /** For coefficients up to the `left`-th of factors that have `weight` together. */
  constructor(weight: number, left: number) {
    this.#left = left;
    const saddle = left / (left + weight);
    let [points, growth, ratio] = [0, 0, saddle];
    for (let wanted = left + 1; ; wanted = Math.ceil(wanted * 1.25)) {
      for (; points < wanted; points += 1) growth += Math.log((weight + left + points) / (left + points + 1));
      ratio = Math.min(saddle, Math.exp((ALIAS - growth) / points));
      if ((negativeBinomial(weight, ratio, left)[left] ?? 0) > LEAST_COEFFICIENT) break;
    }
    this.#points = points;
    this.ratio = ratio;
    const angles = Array.from({ length: points }, (_, point) => (2 * Math.PI * point) / points);
    this.#cosines = Float64Array.from(angles, Math.cos);
    this.#sines = Float64Array.from(angles, Math.sin);
  }

  /** Of the product of all that is no leader. */
  boundedOthers(urn: PredictiveUrn, { rivals, born, free }: BoundedOthers): Coefficient {
    const base = this.#power(free);
    const points = base.real.findLastIndex(
      (real, point) => Math.abs(real) + Math.abs(base.imaginary[point] ?? 0) > VANISHING,
    );
    const growing = rivals.map(({ size, count }) => ({
      size,
      count,
      series: negativeBinomial(size - urn.discount, this.ratio, this.#left),
      values: valuesOf(points + 1),
      terms: 0,
    }));
    const blocks = { size: 0, series: urn.blocks(this.ratio), values: valuesOf(points + 1), terms: 0 };
    return (cap, draws) => {
      for (const series of born ? [...growing, blocks] : growing) this.#extend(series, cap - series.size);
      let sum = 0;
      for (let point = 0; point <= points; point += 1) {
        let real = base.real[point] ?? 0;
        let imaginary = base.imaginary[point] ?? 0;
        for (const { count, values } of growing) {
          const x = values.real[point] ?? 0;
          const y = values.imaginary[point] ?? 0;
          for (let time = 0; time < count; time += 1)
            [real, imaginary] = [real * x - imaginary * y, real * y + imaginary * x];
        }
        if (born) {
          const [x, y] = this.#born(urn, blocks.values.real[point] ?? 0, blocks.values.imaginary[point] ?? 0);
          [real, imaginary] = [real * x - imaginary * y, real * y + imaginary * x];
        }
        const turn = (point * draws) % this.#points;
        const term = real * (this.#cosines[turn] ?? 0) + imaginary * (this.#sines[turn] ?? 0);
        sum += point === 0 || 2 * point === this.#points ? term : 2 * term;
      }
      return sum / this.#points;
    };
  }

  /** (1 − r)^θ' · (1 − d·W)^(−θ'/d) where W = x + iy; exp(θ'·W) without a discount. */
  #born({ unseen, discount }: PredictiveUrn, x: number, y: number): [number, number] {
    const [logarithm, angle] =
      discount === 0
        ? [x, y]
        : [
            -0.5 * (Math.log((1 - discount * x) ** 2 + (discount * y) ** 2) / discount),
            -Math.atan2(-discount * y, 1 - discount * x) / discount,
          ];
    const size = Math.exp(unseen * (logarithm + Math.log1p(-this.ratio)));
    return [size * Math.cos(unseen * angle), size * Math.sin(unseen * angle)];
  }

  /** ((1 − r) / (1 − r·z))^weight, a negative binomial without bounds. */
  #power(weight: number): Values {
    const half = Math.floor(this.#points / 2);
    const values = valuesOf(half + 1);
    for (let point = 0; point <= half; point += 1) {
      const x = 1 - this.ratio * (this.#cosines[point] ?? 0);
      const y = -this.ratio * (this.#sines[point] ?? 0);
      const size = Math.exp(weight * (Math.log1p(-this.ratio) - 0.5 * Math.log(x * x + y * y)));
      const angle = -weight * Math.atan2(y, x);
      values.real[point] = size * Math.cos(angle);
      values.imaginary[point] = size * Math.sin(angle);
    }
    return values;
  }

  /** Up to the term of degree `last`. */
  #extend(growing: { series: Float64Array; values: Values; terms: number }, last: number): void {
    const { series, values } = growing;
    for (; growing.terms <= Math.min(last, this.#left); growing.terms += 1) {
      const term = series[growing.terms] ?? 0;
      for (let point = 0; point < values.real.length; point += 1) {
        const turn = (point * growing.terms) % this.#points;
        values.real[point] = (values.real[point] ?? 0) + term * (this.#cosines[turn] ?? 0);
        values.imaginary[point] = (values.imaginary[point] ?? 0) + term * (this.#sines[turn] ?? 0);
      }
    }
  }
}

const valuesOf = (length: number): Values => ({
  real: new Float64Array(length),
  imaginary: new Float64Array(length),
});
