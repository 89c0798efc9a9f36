import { doesNothing } from '../does-nothing.ts';
import { functionsOf } from './call-of.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** Empty functions all return None, so they agree with each other on every input. */
export const emptyBody: NonTrivialRule = {
  name: 'empty-body',
  summary:
    'In some member, the functions that tests call have more than an empty body or the bare skeleton. Needs code; without calls, all functions count.',
  appliesTo: ({ policy }) => policy.nonTrivial.includes('empty-body'),
  judge: ({ members }, { population }) => {
    const codes = members.flatMap(({ code }) => (code === undefined ? [] : [code]));
    if (codes.length < members.length) return { state: 'not-evaluated', lacks: 'code' };
    const called = functionsOf(population.kept.map((test) => population.tests[test]));
    return codes.every((code) => doesNothing(code, called))
      ? { state: 'refused', reason: 'every member has an empty body' }
      : KEPT;
  },
};
