/** Joins the sandbox’s matrix with what else the campaign knows: perplexity, source, calls. */
import type { Matrix } from '../execution/batch.ts';
import type { TestCase } from '../problems/test-case.ts';
import type { Candidate } from '../sampling/candidate.ts';
import type { SelectionMatrix } from './selection-matrix.ts';

export const matrixForSelection = (
  matrix: Matrix,
  tests: readonly TestCase[],
  candidates: readonly Candidate[],
): SelectionMatrix => {
  const testOf = new Map(tests.map((test) => [test.id, test]));
  const candidateOf = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  return {
    ...matrix,
    tests: matrix.tests.map((id) => {
      const test = testOf.get(id);
      return test ? { id, call: test.call, expected: test.expected } : id;
    }),
    candidates: matrix.candidates.map((result) => {
      const { perplexity = null, code } = candidateOf.get(result.id) ?? {};
      return { ...result, perplexity, ...(code === undefined ? {} : { code }) };
    }),
  };
};
