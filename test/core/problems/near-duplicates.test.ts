import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markDuplicates } from '../../../core/problems/duplicates.ts';
import { NearDuplicates } from '../../../core/problems/near-duplicates.ts';
import type { JudgedProblem } from '../../../core/problems/problem.ts';
import { jaccard, shinglesOf, wordsOf } from '../../../core/problems/shingles.ts';

const WORDS = 'return the sum of all even numbers in a list that are larger than three'.split(' ');
const text = fc
  .array(fc.constantFrom(...WORDS), { minLength: 8, maxLength: 16 })
  .map((words) => words.join(' '));

const judged = (id: string, docstring: string): JudgedProblem => ({
  problem: {
    id,
    functionName: 'f',
    docstring,
    domain: 'basic-algorithm',
    topic: 't',
    signature: 'def f(x: int) -> int:',
  },
  rating: { score: 1, reason: '', scores: {}, distribution: {} },
  refined: false,
  accepted: true,
});

const index = (left: string, right: string): number =>
  jaccard(shinglesOf(wordsOf(left), 3), shinglesOf(wordsOf(right), 3));

describe('NearDuplicates', () => {
  it('finds what comparing all pairs finds', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), text, (texts, asked) => {
        const near = new NearDuplicates(0.6);
        for (const one of texts) near.add(one);
        expect(near.has(asked)).toBe(texts.some((one) => index(one, asked) >= 0.6));
      }),
    );
  });

  it('looks through case, punctuation and one changed word', () => {
    const near = new NearDuplicates(0.7);
    near.add(
      'Return the sum of all even numbers in a list that are larger than three, as one integer value.',
    );
    expect(
      near.has('return the SUM of all even numbers in a list that are larger than three as one integer'),
    ).toBe(true);
    expect(near.has('Return the product of the digits of a number.')).toBe(false);
  });
});

describe('markDuplicates', () => {
  it('refuses near repetitions of this iteration, of earlier ones and of held-out problems, and counts them', () => {
    const about = (end: string) => `Return the sum of all even numbers in a list that are larger than ${end}`;
    const { problems, duplicates, nearDuplicates } = markDuplicates(
      [
        judged('p1', about('three')),
        judged('p2', about('four')),
        judged('p3', 'Return how many vowels stand in the text before its first digit'),
        judged('p4', 'Return the number of days between both of these two given dates'),
      ],
      {
        limit: 9,
        similarity: 0.7,
        earlier: [
          {
            functionName: 'f',
            docstring: 'Return how many vowels stand in the text before its first number',
          },
        ],
        heldout: [
          { functionName: 'f', docstring: 'Return the number of days between both of these two given days' },
        ],
      },
    );
    expect(problems.map(({ reason }) => reason)).toEqual([
      undefined,
      'nearly an earlier problem',
      'nearly an earlier problem',
      'held out for validation',
    ]);
    expect({ duplicates, nearDuplicates }).toEqual({ duplicates: 1, nearDuplicates: 2 });
  });

  it('keeps no two that are near each other, and decides by index alone, whenever a batch arrived', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 10 }), fc.nat(9), (texts, cut) => {
        const lines = texts.map((one, at) => judged(`p${String(at).padStart(4, '0')}`, one));
        const rules = { limit: 100, similarity: 0.5 };
        const { problems } = markDuplicates(lines, rules);
        const kept = problems.filter(({ accepted }) => accepted).map(({ problem }) => problem.docstring);
        for (const [at, one] of kept.entries())
          for (const other of kept.slice(0, at)) expect(index(`f ${one}`, `f ${other}`)).toBeLessThan(0.5);
        // Batches that arrive in another order lie in the bucket in the order of their index all the same.
        const arrived = [...lines.slice(cut), ...lines.slice(0, cut)];
        const gathered = arrived.sort((a, b) => (a.problem.id < b.problem.id ? -1 : 1));
        expect(markDuplicates(gathered, rules).problems).toEqual(problems);
      }),
    );
  });
});
