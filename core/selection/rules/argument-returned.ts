import { canonicalLiteral } from '../../values/canonical-literal.ts';
import { answerText } from '../population.ts';
import { callArguments } from '../python-text.ts';
import { callOf } from './call-of.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** One test proves nothing: some functions do return their argument on some inputs. */
const LEAST_TESTS = 2;

export const argumentReturned: NonTrivialRule = {
  name: 'argument-returned',
  summary: 'The members do not give back one of their arguments on every test. Needs outputs and calls.',
  appliesTo: ({ policy }) => policy.nonTrivial.includes('argument-returned'),
  judge: ({ best }, { population }) => {
    const answered = population.kept.flatMap((test) => {
      const call = callOf(population.tests[test]);
      const given = call === undefined ? undefined : callArguments(call);
      const text = answerText(best, test);
      return given === undefined || typeof text !== 'string'
        ? []
        : [{ given: given.map(canonicalLiteral), text: canonicalLiteral(text) ?? text }];
    });
    if (answered.length < LEAST_TESTS) return { state: 'not-evaluated', lacks: 'calls with outputs' };
    const positions = Math.max(...answered.map(({ given }) => given.length));
    for (let position = 0; position < positions; position += 1) {
      if (answered.every(({ given, text }) => given[position] === text)) {
        return {
          state: 'refused',
          reason: `argument ${position + 1} is given back on all ${answered.length} tests`,
        };
      }
    }
    return KEPT;
  },
};
