import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markDuplicates } from '../../../core/problems/duplicates.ts';
import type { JudgedProblem } from '../../../core/problems/problem.ts';

const judged = (id: string, functionName: string, docstring: string, accepted = true): JudgedProblem => ({
  problem: {
    id,
    functionName,
    docstring,
    domain: 'basic-algorithm',
    topic: 't',
    signature: `def ${functionName}():`,
  },
  rating: { score: 1, reason: '', scores: {}, distribution: {} },
  refined: false,
  accepted,
});

const acceptedIds = (problems: readonly JudgedProblem[]): string[] =>
  problems.filter((line) => line.accepted).map((line) => line.problem.id);

describe('markDuplicates', () => {
  it('keeps the first of two that differ in spacing and case only', () => {
    const { problems, duplicates } = markDuplicates(
      [
        judged('p1', 'f', 'Return the sum.'),
        judged('p2', 'f', '  return THE sum '),
        judged('p3', 'g', 'Return the sum.'),
      ],
      { limit: 10, similarity: 1 },
    );
    expect(acceptedIds(problems)).toEqual(['p1', 'p3']);
    expect(duplicates).toBe(1);
    expect(problems[1]?.reason).toBe('duplicate of an earlier problem');
  });

  it('refuses what validation holds out', () => {
    const { problems } = markDuplicates([judged('p1', 'f', 'Return the sum.')], {
      limit: 10,
      similarity: 1,
      heldout: [{ functionName: 'f', docstring: 'Return the sum' }],
    });
    expect(problems[0]).toMatchObject({ accepted: false, reason: 'held out for validation' });
  });

  it('stops at the limit, and a refused problem does not stand for a later equal one', () => {
    const { problems } = markDuplicates(
      [judged('p1', 'f', 'x', false), judged('p2', 'f', 'x'), judged('p3', 'g', 'y')],
      { limit: 1, similarity: 1 },
    );
    expect(acceptedIds(problems)).toEqual(['p2']);
    expect(problems[2]?.reason).toBe('more problems than the iteration needs');
  });

  it('accepts no more than the limit, each text once, and loses no line', () => {
    const line = fc.tuple(fc.constantFrom('f', 'g', 'h'), fc.constantFrom('a', 'A ', 'b'), fc.boolean());
    fc.assert(
      fc.property(fc.array(line), fc.nat(5), (lines, limit) => {
        const input = lines.map(([name, text, accepted], index) => judged(`p${index}`, name, text, accepted));
        const { problems } = markDuplicates(input, { limit, similarity: 1 });
        const texts = problems
          .filter((l) => l.accepted)
          .map((l) => `${l.problem.functionName} ${l.problem.docstring.toLowerCase().trim()}`);
        expect(problems.map((l) => l.problem.id)).toEqual(input.map((l) => l.problem.id));
        expect(texts.length).toBeLessThanOrEqual(limit);
        expect(new Set(texts).size).toBe(texts.length);
      }),
    );
  });
});
