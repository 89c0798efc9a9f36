import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Equality, groupEqual } from '../../../core/selection/group-equal.ts';

/** Numbers that are equal are in one group; a hash sees the remainder only. */
const byRemainder = (divisor: number) => {
  let compared = 0;
  const equality: Equality<number> = {
    hashOf: (value) => value % divisor,
    fullHashOf: (value) => value % 1000,
    areEqual: (a, b) => {
      compared += 1;
      return a === b;
    },
  };
  return { equality, compared: () => compared };
};

const isolated = (values: readonly number[]): number[][] =>
  [...new Set(values)].map((value) => values.filter((other) => other === value));

describe('equal candidates are grouped', () => {
  it('in the order of first members, however many share a hash', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3000 })), fc.integer({ min: 1, max: 40 }), (values, divisor) => {
        const twice = [...values, ...values];
        expect(groupEqual(twice, byRemainder(divisor).equality)).toEqual(isolated(twice));
      }),
    );
  });

  it('with a bounded number of comparisons for each, where the first hash tells nothing apart', () => {
    for (const count of [100, 1000]) {
      const { equality, compared } = byRemainder(1);
      expect(
        groupEqual(
          Array.from({ length: count }, (_, value) => value),
          equality,
        ),
      ).toHaveLength(count);
      expect(compared()).toBeLessThan(10 * count);
    }
  });

  it('no further than to the first group of enough members', () => {
    const { equality } = byRemainder(7);
    expect(groupEqual([1, 2, 1, 2, 1, 2, 2], equality, 3)).toEqual([
      [1, 1, 1],
      [2, 2],
    ]);
  });
});
