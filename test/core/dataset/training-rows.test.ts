import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TrainingPair, trainingRows } from '../../../core/dataset/training-rows.ts';
import type { Problem } from '../../../core/problems/problem.ts';

const problem = (id: string, functionName = id, docstring = `Return ${id}.`): Problem => ({
  id,
  domain: 'basic-algorithm',
  topic: 'numbers',
  functionName,
  signature: `def ${functionName}():`,
  docstring,
});

const pair = (iteration: number, id: string, code = 'pass'): TrainingPair => ({
  iteration,
  problem: problem(id),
  candidateId: 'c0001',
  code,
});

const toMessages = ({ functionName, docstring }: Problem, code: string) => [
  { role: 'user' as const, content: `${functionName}: ${docstring}` },
  { role: 'assistant' as const, content: code },
];

const places = (rows: readonly { iteration: number; problem_id: string }[]) =>
  rows.map((row) => `${row.iteration}/${row.problem_id}`);

describe('trainingRows', () => {
  it('orders by iteration, then by problem', () => {
    const pairs = [pair(2, 'p0001', 'a'), pair(1, 'p0010'), pair(1, 'p0002')];
    expect(places(trainingRows(pairs, null, toMessages).rows)).toEqual(['1/p0002', '1/p0010', '2/p0001']);
  });

  it('says where each row comes from', () => {
    expect(trainingRows([pair(3, 'p0001', 'return 1')], null, toMessages).rows).toEqual([
      {
        messages: [
          { role: 'user', content: 'p0001: Return p0001.' },
          { role: 'assistant', content: 'return 1' },
        ],
        problem_id: 'p0001',
        iteration: 3,
        function_name: 'p0001',
        candidate_id: 'c0001',
      },
    ]);
  });

  it('keeps the first of identical pairs, and another answer to the same question', () => {
    const again = { ...pair(2, 'p0007'), problem: problem('p0007', 'p0001', 'Return p0001.') };
    const { rows, duplicates } = trainingRows(
      [again, pair(1, 'p0001'), { ...again, code: 'other' }],
      null,
      toMessages,
    );
    expect(places(rows)).toEqual(['1/p0001', '2/p0007']);
    expect(duplicates).toBe(1);
  });

  it('leaves out held-out problems by id in their own iteration, and by what they ask in any', () => {
    const heldout = { iteration: 1, problems: [problem('p0001')] };
    const sameQuestion = { ...pair(2, 'p0009'), problem: problem('p0009', 'P0001', 'return  p0001') };
    const sameId = { ...pair(2, 'p0001'), problem: problem('p0001', 'other', 'Another.') };
    const { rows, heldout: left } = trainingRows(
      [pair(1, 'p0001'), sameQuestion, sameId],
      heldout,
      toMessages,
    );
    expect(places(rows)).toEqual(['2/p0001']);
    expect(left).toBe(2);
  });

  it('does not depend on the order of the pairs, and counts each one', () => {
    const someId = fc.integer({ min: 1, max: 6 }).map((n) => `p000${n}`);
    const somePair = fc
      .tuple(fc.integer({ min: 1, max: 3 }), someId)
      .map(([iteration, id]) => pair(iteration, id));
    const heldout = { iteration: 1, problems: [problem('p0001'), problem('p0002')] };
    const shuffled = fc
      .uniqueArray(somePair, { selector: ({ iteration, problem: { id } }) => `${iteration}/${id}` })
      .chain((pairs) =>
        fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
      );
    fc.assert(
      fc.property(shuffled, ([pairs, other]) => {
        const result = trainingRows(pairs, heldout, toMessages);
        expect(trainingRows(other, heldout, toMessages)).toEqual(result);
        expect(result.rows.length + result.heldout + result.duplicates).toBe(pairs.length);
      }),
    );
  });
});
