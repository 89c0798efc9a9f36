import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** Candidates that all fail agree on being wrong. With e(r) = ran, theirs can be the largest cluster. */
export const somePass: NonTrivialRule = {
  name: 'some-pass',
  summary: 'With signature outcome, the members pass at least one test.',
  appliesTo: ({ signature }) => signature === 'outcome',
  judge: ({ best }) => (best.passed > 0 ? KEPT : { state: 'refused', reason: 'no test is passed' }),
};
