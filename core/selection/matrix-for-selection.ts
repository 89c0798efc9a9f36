/** Joins the sandbox’s matrix with what else the campaign knows: perplexity, source, calls, lint. */
import type { Matrix } from '../execution/batch.ts';
import type { TestCase } from '../problems/test-case.ts';
import type { Candidate } from '../sampling/candidate.ts';
import type { SelectionMatrix } from './selection-matrix.ts';

export const matrixForSelection = (
  matrix: Matrix,
  tests: readonly TestCase[],
  candidates: readonly Candidate[],
  lint: Readonly<Record<string, number>> = {},
): SelectionMatrix => {
  const testOf = new Map(tests.map((test) => [test.id, test]));
  const candidateOf = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const findings = new Map(Object.entries(lint));
  return {
    ...matrix,
    tests: matrix.tests.map((id) => {
      const test = testOf.get(id);
      return test ? { id, call: test.call, expected: test.expected } : id;
    }),
    candidates: matrix.candidates.map((result) => {
      const { perplexity = null, code } = candidateOf.get(result.id) ?? {};
      const found = findings.get(result.id);
      return {
        ...result,
        perplexity,
        ...(code === undefined ? {} : { code }),
        ...(found === undefined ? {} : { signals: { lint: found } }),
      };
    }),
  };
};
