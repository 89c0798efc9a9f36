import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicQuotas } from '../../../../core/problems/curriculum/topic-quotas.ts';

const weights = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 })
  .map((raw) => {
    const sum = raw.reduce((total, value) => total + value, 0);
    return raw.map((value) => (sum > 0 ? value / sum : 1 / raw.length));
  });
const offset = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('topicQuotas', () => {
  it('sums to the count, each within one of its share', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 5000 }), offset, (shares, count, at) => {
        const quotas = topicQuotas(shares, count, at);
        expect(quotas.reduce((sum, quota) => sum + quota, 0)).toBe(count);
        quotas.forEach((quota, index) => {
          expect(Number.isInteger(quota) && quota >= 0).toBe(true);
          expect(Math.abs(quota - count * (shares[index] ?? 0))).toBeLessThan(1 + 1e-6);
        });
      }),
    );
  });

  it('reaches every topic in time where there are more topics than problems', () => {
    const shares = Array.from({ length: 1000 }, () => 1 / 1000);
    const reached = new Set<number>();
    for (let turn = 0; turn < 100; turn += 1)
      topicQuotas(shares, 10, (turn + 0.5) / 100).forEach((quota, index) => {
        if (quota > 0) reached.add(index);
      });
    expect(reached.size).toBe(1000);
  });
});
