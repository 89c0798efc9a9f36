/** The campaign’s own validation set: problems with a consensus that are kept out of training. */
import { z } from 'zod';
import type { Matrix } from '../execution/batch.ts';
import { Problem } from '../problems/problem.ts';
import type { TestCase } from '../problems/test-case.ts';
import { problemStub } from '../python/stub.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { canonicalLiteral } from '../values/canonical-literal.ts';
import type { Question, QuestionTests } from './question.ts';

/** work/heldout.json of the iteration from which the problems are taken. */
export const HeldoutDocument = z.object({
  problems: z.array(Problem.pick({ id: true, functionName: true, docstring: true })),
});
export type HeldoutDocument = z.infer<typeof HeldoutDocument>;

/** Problems to hold out of n: round(share × n), at least one where there are two or more, and never all. */
export const heldoutCount = (problems: number, share: number): number =>
  problems < 2 ? 0 : Math.min(problems - 1, Math.max(1, Math.round(share * problems)));

/** The order in which problems are drawn; it depends on the seed and each problem’s own id only. */
export const heldoutOrder = (problemIds: readonly string[], seed: number): string[] =>
  problemIds
    .map((id) => ({ id, rank: seededRandom(seed, `heldout/${id}`)() }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);

/**
 * The hidden tests of a held-out problem: its calls, and what the selected candidate answered to them. Undefined
 * where it answered none with a value that can be written down.
 */
export const heldoutTests = (
  problemId: string,
  tests: readonly TestCase[],
  matrix: Matrix,
  selectedId: string,
): QuestionTests | undefined => {
  const selected = matrix.candidates.find(({ id }) => id === selectedId);
  const calls = new Map(tests.map(({ id, call }) => [id, call]));
  const usable = matrix.tests.flatMap((id, position) => {
    const call = calls.get(id);
    const expected = selected?.outputs[position];
    const isLiteral = typeof expected === 'string' && canonicalLiteral(expected) !== undefined;
    return call === undefined || !isLiteral ? [] : [{ id, call, expected }];
  });
  return usable.length === 0 ? undefined : { id: problemId, tests: usable };
};

export const heldoutQuestion = (problem: Problem): Question => ({
  id: problem.id,
  functionName: problem.functionName,
  prompt: `${problemStub(problem)}\n`,
});
