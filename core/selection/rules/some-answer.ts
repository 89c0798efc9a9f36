import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** Errors and timeouts alone are no agreement. */
export const someAnswer: NonTrivialRule = {
  name: 'some-answer',
  summary: 'With signature output, the members answer at least one test.',
  appliesTo: ({ signature }) => signature === 'output',
  judge: ({ best }) => (best.answered > 0 ? KEPT : { state: 'refused', reason: 'no test is answered' }),
};
