import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedAgreement, judgeLine } from '../../../../core/problems/curriculum/judge-line.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('judgeLine', () => {
  it('takes the judge at its word until something is measured', () => {
    const line = judgeLine([], 2);
    expect(line.slope).toBeCloseTo(1, 10);
    expect(line.trust).toBeCloseTo(1, 10);
    expect([0, 0.3, 1].map((judged) => expectedAgreement(line, judged))).toEqual([
      expect.closeTo(1, 10),
      expect.closeTo(0.7, 10),
      expect.closeTo(0, 10),
    ]);
  });

  it('finds the line of a judge that is right but mild', () => {
    const points = Array.from({ length: 500 }, (_, n) => {
      const judged = (n % 100) / 100;
      return { judged, agreement: 0.8 - 0.3 * judged, weight: 1 };
    });
    const line = judgeLine(points, 2);
    expect(line.slope).toBeCloseTo(0.3, 1);
    expect(expectedAgreement(line, 0.5)).toBeCloseTo(0.65, 2);
    expect(line.trust).toBeGreaterThan(0.9);
  });

  it('trusts no judge whose easy problems are the hard ones', () => {
    const points = [0.1, 0.4, 0.9].flatMap((judged) =>
      Array.from({ length: 20 }, () => ({ judged, agreement: judged, weight: 1 })),
    );
    const line = judgeLine(points, 2);
    expect(line).toMatchObject({ slope: 0, trust: 0 });
    expect(expectedAgreement(line, 0)).toBe(expectedAgreement(line, 1));
  });

  it('expects an agreement from 0 to 1 that never rises with difficulty', () => {
    const point = fc.record({ judged: share, agreement: share, weight: share });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), fc.tuple(share, share), (points, judged) => {
        const line = judgeLine(points, 1);
        const easy = expectedAgreement(line, Math.min(...judged));
        const hard = expectedAgreement(line, Math.max(...judged));
        expect(hard).toBeLessThanOrEqual(easy);
        expect(Math.min(hard, 1 - easy)).toBeGreaterThanOrEqual(0);
        expect(line.trust).toBeGreaterThanOrEqual(0);
        expect(line.trust).toBeLessThanOrEqual(1);
      }),
    );
  });
});
