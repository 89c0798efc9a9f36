/** Intervals of a mean by resampling: where there is no formula, or where two methods answer the same questions. */
import { seededRandom } from './seeded-random.ts';
import type { Interval } from './wilson-interval.ts';

export type BootstrapOptions = { resamples?: number; level?: number; seed?: number };

export type BootstrapResult = Interval & { mean: number };

/**
 * The percentile bootstrap of the mean. Source: Efron, "Bootstrap methods: another look at the jackknife",
 * Annals of Statistics 7 (1979). Deterministic for a seed.
 */
export const bootstrapMean = (values: readonly number[], options: BootstrapOptions = {}): BootstrapResult => {
  const { resamples = 2000, level = 0.95, seed = 0 } = options;
  const { length } = values;
  if (length === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const random = seededRandom(seed, 'bootstrap');
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < length; i += 1) sum += values[Math.floor(random() * length)] ?? 0;
    return sum / length;
  }).sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / length,
    low: quantile(means, tail),
    high: quantile(means, 1 - tail),
  };
};

/** The paired bootstrap: the interval of the mean difference b − a over the same questions. */
export const pairedBootstrap = (
  a: readonly number[],
  b: readonly number[],
  options: BootstrapOptions = {},
): BootstrapResult => {
  if (a.length !== b.length)
    throw new RangeError(`Pairs need equal lengths, not ${a.length} and ${b.length}.`);
  return bootstrapMean(
    b.map((value, index) => value - (a[index] ?? 0)),
    options,
  );
};

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
export const quantile = (sorted: readonly number[], share: number): number => {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
};
