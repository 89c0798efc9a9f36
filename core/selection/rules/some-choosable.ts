import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** With selection.vetoes only. */
export const someChoosable: NonTrivialRule = {
  name: 'some-choosable',
  summary: 'With vetoes, at least one member is not vetoed.',
  appliesTo: ({ policy }) => policy.vetoes.length > 0,
  judge: ({ choosable }) =>
    choosable.length > 0 ? KEPT : { state: 'refused', reason: 'every member is vetoed' },
};
