import { onlyEntryOf } from '../signature.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** A function that returns None, or one constant, for every input agrees with all others that do. */
export const variedAnswers: NonTrivialRule = {
  name: 'varied-answers',
  summary:
    'With signature output and two or more tests, the members do not have the same entry for all of them.',
  appliesTo: ({ signature, population }) => signature === 'output' && population.kept.length >= 2,
  judge: ({ best }, { population }) => {
    const only = onlyEntryOf(best, population.kept);
    if (only === undefined) return KEPT;
    return {
      state: 'refused',
      reason: `the same entry for all ${population.kept.length} tests: ${shortened(only)}`,
    };
  },
};

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
