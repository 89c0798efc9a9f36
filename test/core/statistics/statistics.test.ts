import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, pairedBootstrap, quantile } from '../../../core/statistics/bootstrap.ts';
import { entropyBits } from '../../../core/statistics/entropy.ts';
import { leastCount } from '../../../core/statistics/least-count.ts';
import { passAtK } from '../../../core/statistics/pass-at-k.ts';
import { seededRandom, shuffled } from '../../../core/statistics/seeded-random.ts';
import { signTest } from '../../../core/statistics/sign-test.ts';
import { wilsonInterval } from '../../../core/statistics/wilson-interval.ts';

describe('wilsonInterval', () => {
  it('matches published values', () => {
    // Newcombe (1998), table I: 81 of 263 and 15 of 148, without continuity correction.
    const { low, high } = wilsonInterval(81, 263);
    expect([low, high].map((bound) => bound.toFixed(4))).toEqual(['0.2553', '0.3662']);
    const second = wilsonInterval(15, 148);
    expect([second.low, second.high].map((bound) => bound.toFixed(4))).toEqual(['0.0624', '0.1605']);
    expect(wilsonInterval(0, 20).low).toBe(0);
    expect(wilsonInterval(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('always holds the share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (total, share) => {
          const passed = Math.round(share * total);
          const { low, high } = wilsonInterval(passed, total);
          expect(low).toBeLessThanOrEqual(passed / total);
          expect(high).toBeGreaterThanOrEqual(passed / total);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('signTest', () => {
  it('is the exact binomial tail', () => {
    expect(signTest(0, 0)).toBe(1);
    expect(signTest(8, 1)).toBeCloseTo((2 * (1 + 9)) / 512, 12);
    expect(signTest(6, 0)).toBeCloseTo(2 / 64, 12);
    expect(signTest(5, 5)).toBe(1);
    expect(signTest(600, 500)).toBeCloseTo(0.0028, 4);
  });

  it('does not care which side gained', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (gained, lost) => {
        const p = signTest(gained, lost);
        expect(p).toBe(signTest(lost, gained));
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('passAtK', () => {
  it('is the share of draws of k that hold a correct one', () => {
    expect(passAtK(10, 3, 1)).toBeCloseTo(0.3, 12);
    expect(passAtK(5, 2, 2)).toBeCloseTo(1 - 3 / 10, 12);
    expect(passAtK(5, 5, 5)).toBe(1);
    expect(passAtK(200, 0, 100)).toBe(0);
    expect(() => passAtK(3, 1, 4)).toThrow(RangeError);
  });
});

describe('entropyBits', () => {
  it('is 0 for one group and log2 n for n equal ones', () => {
    expect(entropyBits([7])).toBe(0);
    expect(entropyBits([])).toBe(0);
    expect(entropyBits([3, 3, 3, 3])).toBeCloseTo(2, 12);
    expect(entropyBits([1, 3])).toBeCloseTo(0.8112781, 6);
  });
});

describe('leastCount', () => {
  it('takes the threshold as the decimal that was typed', () => {
    expect(leastCount(0.8, 100)).toBe(80);
    expect(leastCount(0.8, 5)).toBe(4);
    expect(leastCount(0.7, 10)).toBe(7);
    expect(leastCount(0.1, 10)).toBe(1);
    expect(leastCount(0.29, 100)).toBe(29);
    expect(leastCount(0.8, 99)).toBe(80);
    expect(leastCount(1e-7, 10)).toBe(1);
    expect(leastCount(1.25e-1, 8)).toBe(1);
    expect(leastCount(1, 13)).toBe(13);
    expect(leastCount(0, 13)).toBe(0);
  });

  it('counts no tests as a share of 0', () => {
    expect(leastCount(0, 0)).toBe(0);
    expect(leastCount(0.1, 0)).toBeGreaterThan(0);
  });

  it('never lets rounding decide, for every percentage of every total', () => {
    for (let total = 1; total <= 200; total += 1) {
      for (let percent = 0; percent <= 100; percent += 1) {
        expect(leastCount(Number(`${percent}e-2`), total)).toBe(Math.ceil((percent * total) / 100));
      }
    }
  });
});

describe('seededRandom', () => {
  it('repeats itself for a seed and a text, and differs between texts', () => {
    const draws = (seed: number, text: string) => {
      const random = seededRandom(seed, text);
      return Array.from({ length: 5 }, random);
    };
    expect(draws(1, 'p1')).toEqual(draws(1, 'p1'));
    expect(draws(1, 'p1')).not.toEqual(draws(2, 'p1'));
    expect(draws(1, 'p1')).not.toEqual(draws(1, 'p2'));
  });

  it('is uniform over ids that differ in one digit', () => {
    const bins = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 20_000; i += 1) {
      const bin = Math.floor(seededRandom(0, `p${i}`)() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    // 99.9 % of uniform samples lie below 27.9 (9 degrees of freedom).
    expect(chiSquare).toBeLessThan(27.9);
  });

  it('shuffles without losing anything', () => {
    const values = Array.from({ length: 50 }, (_, i) => i);
    const result = shuffled(values, seededRandom(3, 'order'));
    expect(result).not.toEqual(values);
    expect([...result].sort((a, b) => a - b)).toEqual(values);
  });
});

describe('bootstrap', () => {
  it('covers the mean and narrows with more values', () => {
    const few = bootstrapMean([0, 1, 0, 1, 1, 0, 1, 0]);
    expect(few.low).toBeLessThan(0.5);
    expect(few.high).toBeGreaterThan(0.5);
    const many = bootstrapMean(Array.from({ length: 800 }, (_, i) => i % 2));
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
    expect(bootstrapMean([1, 2, 3], { seed: 5 })).toEqual(bootstrapMean([1, 2, 3], { seed: 5 }));
  });

  it('sees a paired gain that unpaired intervals hide', () => {
    const base = Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0));
    const tuned = base.map((value, i) => (i >= 50 && i < 60 ? 1 : value));
    expect(pairedBootstrap(base, tuned).low).toBeGreaterThan(0);
    expect(() => pairedBootstrap([1], [1, 2])).toThrow(RangeError);
  });

  it('interpolates quantiles', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0)).toBe(1);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
  });
});
