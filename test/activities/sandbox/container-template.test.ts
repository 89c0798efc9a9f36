import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UID_RANGES, uidsOf } from '../../../activities/sandbox/container-template.ts';

const range = fc.nat({ max: UID_RANGES - 1 });

describe('uidsOf', () => {
  it('gives two containers no uid in common', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        fc.pre(a !== b);
        const [[firstA, countA], [firstB, countB]] = [uidsOf(a), uidsOf(b)];
        expect(firstA + countA <= firstB || firstB + countB <= firstA).toBe(true);
      }),
    );
  });

  it('stays above the uids of people, services and subordinate ranges, and below 2^31', () => {
    const [[lowest], [last, count]] = [uidsOf(0), uidsOf(UID_RANGES - 1)];
    expect(lowest).toBeGreaterThan(100_000_000);
    expect(last + count).toBe(2 ** 31);
  });

  it('leaves so many ranges that containers of two engines hardly ever share one', () => {
    expect(Math.round(UID_RANGES / 16)).toBe(122_880);
  });
});
