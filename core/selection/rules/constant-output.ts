import { answerText } from '../population.ts';
import { callOf, inputOf } from './call-of.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** Also with signature outcome, where a constant passes every test that expects it. */
export const constantOutput: NonTrivialRule = {
  name: 'constant-output',
  summary: 'The members do not return one value for two or more different inputs. Needs outputs.',
  appliesTo: ({ policy }) => policy.nonTrivial.includes('constant-output'),
  judge: ({ best }, { population }) => {
    const answers = population.kept.flatMap((test) => {
      const text = answerText(best, test);
      // Without its call, a test counts as an input of its own.
      const call = callOf(population.tests[test]);
      const input = call === undefined ? `test ${test}` : inputOf(call);
      return typeof text === 'string' ? [{ input, text }] : [];
    });
    if (answers.length === 0) return { state: 'not-evaluated', lacks: 'outputs' };
    const inputs = new Set(answers.map(({ input }) => input));
    const [only, ...others] = new Set(answers.map(({ text }) => text));
    if (inputs.size < 2 || others.length > 0) return KEPT;
    return { state: 'refused', reason: `one value for ${inputs.size} inputs: ${only?.slice(0, 40)}` };
  },
};
