import { answerText, isAnswer } from '../population.ts';
import { onlyEntryOf } from '../signature.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** A function that returns None, or one constant, for every input agrees with all others that do. */
export const variedAnswers: NonTrivialRule = {
  name: 'varied-answers',
  summary:
    'Given two or more tests, the members do not have the same entry for all of them. With signature output always on; with outcome it needs outputs.',
  appliesTo: ({ signature, population, policy }) =>
    (signature === 'output' || policy.nonTrivial.includes('varied-answers')) && population.kept.length >= 2,
  judge: ({ best }, { population, signature }) => {
    // An outcome's name stands for an answer without a text: all that pass would look the same.
    const isTold = population.kept.every(
      (test) => !isAnswer(best.outcomes[test]) || answerText(best, test) !== undefined,
    );
    if (signature === 'outcome' && !isTold) return { state: 'not-evaluated', lacks: 'outputs' };
    const only = onlyEntryOf(best, population.kept);
    if (only === undefined) return KEPT;
    return {
      state: 'refused',
      reason: `the same entry for all ${population.kept.length} tests: ${shortened(only)}`,
    };
  },
};

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
