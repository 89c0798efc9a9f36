import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from '../../../core/judging/area-under-curve.ts';

const scores = fc.array(fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })), {
  minLength: 1,
  maxLength: 30,
});

describe('areaUnderCurve', () => {
  it('is the share of pairs that stand in the right order, counted one by one', () => {
    fc.assert(
      fc.property(scores, scores, (good, spoilt) => {
        let wins = 0;
        for (const a of good) for (const b of spoilt) wins += a > b ? 1 : a === b ? 0.5 : 0;
        expect(areaUnderCurve(good, spoilt).auc).toBeCloseTo(wins / (good.length * spoilt.length), 12);
      }),
    );
  });

  it('has an interval that holds it and turns around with the two kinds', () => {
    fc.assert(
      fc.property(scores, scores, (good, spoilt) => {
        const { auc, low, high } = areaUnderCurve(good, spoilt);
        const turned = areaUnderCurve(spoilt, good);
        expect(low).toBeLessThanOrEqual(auc);
        expect(high).toBeGreaterThanOrEqual(auc);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(turned.auc).toBeCloseTo(1 - auc, 12);
      }),
    );
  });

  it('has the interval that the formula gives by hand', () => {
    // Area 3/4 from 2 and 2: Q1 = 0.6, Q2 = 9/14, variance = (3/16 + 0.6 − 9/16 + 9/14 − 9/16) / 4.
    const { auc, low, high } = areaUnderCurve([1, 3], [0, 2]);
    expect(auc).toBe(0.75);
    const half = 1.96 * Math.sqrt((3 / 16 + 0.6 - 9 / 16 + 9 / 14 - 9 / 16) / 4);
    expect(low).toBeCloseTo(0.75 - half, 3);
    expect(high).toBe(Math.min(1, 0.75 + half));
  });

  it('is narrower with more of both', () => {
    const width = (count: number) => {
      const good = Array.from({ length: count }, (_, n) => n / count + 0.25);
      const spoilt = Array.from({ length: count }, (_, n) => n / count);
      const { low, high } = areaUnderCurve(good, spoilt);
      return high - low;
    };
    expect(width(80)).toBeLessThan(0.6 * width(20));
  });

  it('says nothing where one kind is missing', () => {
    expect(areaUnderCurve([], [1])).toEqual({ auc: 0.5, low: 0, high: 1 });
  });
});
