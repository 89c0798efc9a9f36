import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inKeyOrder } from '../../../core/report/in-key-order.ts';

describe('inKeyOrder', () => {
  it('keeps every value, and lists in their order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(inKeyOrder(value)).toEqual(value);
      }),
    );
    expect(inKeyOrder([3, 1, 2])).toEqual([3, 1, 2]);
  });

  it('gives one text, in whatever order things were counted', () => {
    const one = { outcomes: { failed: 1, consensus: 2 }, n: 1 };
    const other = { n: 1, outcomes: { consensus: 2, failed: 1 } };
    expect(JSON.stringify(inKeyOrder(one))).toBe(JSON.stringify(inKeyOrder(other)));
  });
});
