import { canonicalLiteral } from '../../values/canonical-literal.ts';
import { callArguments } from '../call-arguments.ts';
import { answerText } from '../population.ts';
import { callOf, inputOf } from './call-of.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** One input proves nothing: some functions do return their argument on some. */
const LEAST_INPUTS = 2;

export const argumentReturned: NonTrivialRule = {
  name: 'argument-returned',
  summary: 'The members do not give back one of their arguments on every test. Needs outputs and calls.',
  appliesTo: ({ policy }) => policy.nonTrivial.includes('argument-returned'),
  judge: ({ best }, { population }) => {
    const answered = population.kept.flatMap((test) => {
      const call = callOf(population.tests[test]);
      const given = call === undefined ? undefined : callArguments(call);
      const text = answerText(best, test);
      return call === undefined || given === undefined || typeof text !== 'string'
        ? []
        : [{ input: inputOf(call), given, text: canonicalLiteral(text) ?? text }];
    });
    const inputs = new Set(answered.map(({ input }) => input)).size;
    if (inputs < LEAST_INPUTS) return { state: 'not-evaluated', lacks: 'calls with outputs' };
    let isOpen = false;
    for (const name of new Set(answered.flatMap(({ given }) => [...given.keys()]))) {
      const given = answered.map((test) => literalOf(test.given.get(name)));
      if (given.some((value, index) => value !== undefined && value !== answered[index]?.text)) continue;
      const unknown = given.filter((value) => value === undefined).length;
      if (unknown === 0) {
        return { state: 'refused', reason: `argument ${nameOf(name)} is given back on all ${inputs} inputs` };
      }
      isOpen = true;
    }
    return isOpen ? { state: 'not-evaluated', lacks: 'calls whose arguments are literals' } : KEPT;
  },
};

/** Undefined where the argument is missing or no literal: what it is cannot be told. */
const literalOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : canonicalLiteral(text);

const nameOf = (name: string): string => (/^\d+$/.test(name) ? String(Number(name) + 1) : name);
