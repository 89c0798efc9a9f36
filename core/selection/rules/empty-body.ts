import { hasEmptyBodies } from '../python-text.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** Empty functions all return None, so they agree with each other on every input. */
export const emptyBody: NonTrivialRule = {
  name: 'empty-body',
  summary: 'Some member has more than an empty body or the bare skeleton. Needs code.',
  appliesTo: ({ policy }) => policy.nonTrivial.includes('empty-body'),
  judge: ({ members }) => {
    const codes = members.flatMap(({ code }) => (code === undefined ? [] : [code]));
    if (codes.length < members.length) return { state: 'not-evaluated', lacks: 'code' };
    return codes.every(hasEmptyBodies)
      ? { state: 'refused', reason: 'every member has an empty body' }
      : KEPT;
  },
};
