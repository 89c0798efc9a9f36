import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketEnd, bracketEnds, stringEnd, stringEnds } from '../../../core/python/scan.ts';

/** Every string and bracket can be open, closed, escaped, hidden in another or broken off by a line's end. */
const text = fc.string({ unit: fc.constantFrom(...'()[]{}"\'\\#\na'), maxLength: 40 });

/** What a search from every such character finds. */
const searched = (
  text: string,
  characters: string,
  search: (text: string, start: number) => number,
): number[] =>
  Array.from({ length: text.length }, (_, at) =>
    characters.includes(text.charAt(at)) ? search(text, at) : -1,
  );

describe('stringEnds', () => {
  it('finds for every quote what a search from there finds', () => {
    fc.assert(
      fc.property(text, (text) => {
        expect([...stringEnds(text)]).toEqual(searched(text, '"\'', stringEnd));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('bracketEnds', () => {
  it('finds for every opening bracket what a search from there finds', () => {
    fc.assert(
      fc.property(text, (text) => {
        expect([...bracketEnds(text)]).toEqual(searched(text, '([{', bracketEnd));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the ends of brackets however deep they lie', () => {
    const depth = 200_000;
    const ends = bracketEnds('('.repeat(depth) + ')'.repeat(depth));
    expect([ends[0], ends[depth - 1], ends[depth]]).toEqual([2 * depth, depth + 1, -1]);
  });
});
