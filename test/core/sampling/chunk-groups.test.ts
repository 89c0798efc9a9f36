import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkGroups } from '../../../core/sampling/chunk-groups.ts';

describe('chunkGroups', () => {
  it('holds every chunk once, in order, in no more groups than allowed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 20 }), (chunks, maximum) => {
        const groups = chunkGroups(chunks, maximum);
        expect(groups.length).toBe(Math.min(chunks, maximum));
        const all = groups.flatMap(({ first, count }) => Array.from({ length: count }, (_, k) => first + k));
        expect(all).toEqual(Array.from({ length: chunks }, (_, k) => k));
      }),
    );
  });

  it('makes groups of almost equal size', () => {
    expect(chunkGroups(16, 4)).toEqual([0, 4, 8, 12].map((first) => ({ first, count: 4 })));
    expect(chunkGroups(5, 2).map(({ count }) => count)).toEqual([2, 3]);
    expect(chunkGroups(1, 4)).toEqual([{ first: 0, count: 1 }]);
  });
});
