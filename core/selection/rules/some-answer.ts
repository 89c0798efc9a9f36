import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** Errors and timeouts alone are no agreement. */
export const someAnswer: NonTrivialRule = {
  name: 'some-answer',
  summary: 'The members answer at least one test. With signature output always on.',
  appliesTo: ({ signature, policy }) => signature === 'output' || policy.nonTrivial.includes('some-answer'),
  judge: ({ best }) => (best.answered > 0 ? KEPT : { state: 'refused', reason: 'no test is answered' }),
};
