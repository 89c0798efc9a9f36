import { canonicalLiteral } from '../../values/canonical-literal.ts';
import { callArguments } from '../call-arguments.ts';
import type { MatrixTest } from '../selection-matrix.ts';

/** The call of a test that is given as an object with one. */
export const callOf = (test: MatrixTest | undefined): string | undefined =>
  typeof test === 'object' ? test.call : undefined;

/** One text for all calls with equal arguments, however they are written and in whatever order names stand. */
export const inputOf = (call: string): string => {
  const given = callArguments(call);
  if (!given) return call.trim();
  const values = [...given].map(([key, text]) => [key, canonicalLiteral(text) ?? text] as const);
  return JSON.stringify(values.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Names of the functions that the tests call, each once; none where a test does not tell. */
export const functionsOf = (tests: readonly (MatrixTest | undefined)[]): string[] => {
  const names = tests.map((test) => /^\s*([A-Za-z_]\w*)\s*\(/.exec(callOf(test) ?? '')?.[1]);
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? [...new Set(known)] : [];
};
