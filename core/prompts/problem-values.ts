/** The values that a problem gives to the placeholders of a template. */
import type { Problem } from '../problems/problem.ts';
import { plainDocstring, problemStub } from '../python/stub.ts';

type Described = Pick<Problem, 'functionName' | 'signature' | 'docstring'>;

export const problemValues = (problem: Described) => ({
  functionName: problem.functionName,
  signature: problem.signature,
  /** The signature without `def` and the name. */
  parameters: problem.signature.slice(problem.signature.indexOf('(')),
  /** The docstring in one line. */
  sentence: problem.docstring,
  /** Indented as it stands in the function, without its quotes. */
  docstring: plainDocstring(problem.docstring).replace(/\n(?!\n|$)/g, '\n    '),
  description: problem.docstring,
  stub: problemStub(problem),
});
