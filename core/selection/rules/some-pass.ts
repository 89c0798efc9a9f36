import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/**
 * Candidates that all fail agree on being wrong. With e(r) = ran, theirs can be the largest cluster. Among clusters by
 * output it is a choice: a weak model's expected values are often wrong, and yet seldom all of them.
 */
export const somePass: NonTrivialRule = {
  name: 'some-pass',
  summary: 'The members pass at least one test. With signature outcome always on.',
  appliesTo: ({ signature, policy }) => signature === 'outcome' || policy.nonTrivial.includes('some-pass'),
  judge: ({ best }) => (best.passed > 0 ? KEPT : { state: 'refused', reason: 'no test is passed' }),
};
