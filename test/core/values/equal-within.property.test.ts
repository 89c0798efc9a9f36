/** Equality within a tolerance, where order does not tell which value stands for which. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalWithin } from '../../../core/values/equality.ts';
import type { Value } from '../../../core/values/value.ts';

const setOf = (floats: readonly number[]): Value => ({
  type: 'set',
  items: floats.map((value) => ({ type: 'float', value })),
});
const isNear = (actual: number, expected: number, tolerance: number): boolean =>
  Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));

/** Whether some order of `left` is near `right`, by trying all. */
const someOrderIsNear = (left: readonly number[], right: readonly number[], tolerance: number): boolean => {
  const [first, ...others] = right;
  if (first === undefined) return left.length === 0;
  return left.some(
    (x, index) => isNear(x, first, tolerance) && someOrderIsNear(left.toSpliced(index, 1), others, tolerance),
  );
};

const coarse = fc.array(
  fc.integer({ min: -20, max: 20 }).map((n) => n / 8),
  { maxLength: 6 },
);

describe('sets of floats', () => {
  it('are equal within a tolerance where some pairing of them is', () => {
    fc.assert(
      fc.property(coarse, coarse, fc.constantFrom(0, 0.1, 0.25, 0.5, 1), (left, right, tolerance) => {
        expect(equalWithin(setOf(left), setOf(right), tolerance)).toBe(
          left.length === right.length && someOrderIsNear(left, right, tolerance),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('are compared in no time where there are many', () => {
    const many = Array.from({ length: 200_000 }, (_, n) => n / 7);
    const moved = many.map((x) => x + 1e-9).reverse();
    expect(equalWithin(setOf(moved), setOf(many), 1e-6)).toBe(true);
    expect(equalWithin(setOf([...moved.slice(1), -5]), setOf(many), 1e-6)).toBe(false);
  });
});

describe('large dictionaries', () => {
  const dictOf = (floats: readonly number[]): Value => ({
    type: 'dict',
    entries: floats.map((value, n) => [
      { type: 'int', value: BigInt(n) },
      { type: 'float', value },
    ]),
  });

  it('are compared key by key, whatever the order of their entries', () => {
    const many = Array.from({ length: 50_000 }, (_, n) => n / 7);
    const near = dictOf(many.map((x) => x + 1e-9));
    const reversed = near.type === 'dict' ? { ...near, entries: near.entries.toReversed() } : near;
    expect(equalWithin(reversed, dictOf(many), 1e-6)).toBe(true);
    expect(equalWithin(dictOf(many.map((x) => x + 1)), dictOf(many), 1e-6)).toBe(false);
  });
});
