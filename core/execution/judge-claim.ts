/** Decides one test from what the runner reports. No candidate code ever runs here. */
import { canonicalText } from '../values/canonical-text.ts';
import { equalityKey, equalWithin, valuesEqual } from '../values/equality.ts';
import { parseLiteral } from '../values/parse-literal.ts';
import { isTruthy, type Value } from '../values/value.ts';
import type { Outcome } from './batch.ts';
import type { Judgement } from './prepared-test.ts';

/** A result larger than this, written as a literal, is no answer. */
const MAX_LITERAL_BYTES = 1024 * 1024;

/** What ended a test, in the runner’s words (supervision.py, beside.py). */
export type ResultKind =
  | 'value'
  | 'other'
  | 'assertion'
  | 'error'
  | 'exit'
  | 'memory'
  | 'too-large'
  | 'passed'
  | 'output'
  | 'timeout'
  | 'crash'
  | 'breach'
  | 'inside';

export type Verdict = { readonly outcome: Outcome; readonly output: string | null };

const BY_KIND: Readonly<Record<Exclude<ResultKind, 'value' | 'inside'>, Outcome>> = {
  other: 'fail',
  assertion: 'fail',
  error: 'error',
  exit: 'crash',
  memory: 'memory',
  'too-large': 'output-limit',
  passed: 'pass',
  output: 'output-limit',
  timeout: 'timeout',
  crash: 'crash',
  breach: 'crash',
};

export const judgeWithoutValue = (kind: Exclude<ResultKind, 'value' | 'inside'>): Verdict => ({
  outcome: BY_KIND[kind],
  output: null,
});

const matches = (value: Value, { match, expected, tolerance }: Judgement): boolean => {
  if (match === 'truthy') return isTruthy(value);
  if (match === 'falsy') return !isTruthy(value);
  if (expected === undefined) return false;
  const identical = () => value.type === expected.type && equalityKey(value) === equalityKey(expected);
  if (match === 'identical') return identical();
  if (match === 'not-identical') return !identical();
  const equal =
    tolerance === undefined ? valuesEqual(value, expected) : equalWithin(value, expected, tolerance);
  return match === 'equal' ? equal : !equal;
};

/** Judges claimed values of one test; equal claims are read and compared once. */
export class ClaimJudge {
  readonly #judgement: Judgement;
  readonly #seen = new Map<string, Verdict>();
  /** Texts remembered at most: distinct answers of honest candidates are few. */
  static readonly #MAX_SEEN = 4096;

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
  }

  verdictOf(claim: string): Verdict {
    const known = this.#seen.get(claim);
    if (known) return known;
    const verdict = this.#judge(claim);
    if (this.#seen.size < ClaimJudge.#MAX_SEEN) this.#seen.set(claim, verdict);
    return verdict;
  }

  #judge(claim: string): Verdict {
    let value: Value;
    try {
      value = parseLiteral(claim);
    } catch {
      // Our own writer writes literals only: this came past it.
      return { outcome: 'crash', output: null };
    }
    const text = canonicalText(value);
    if (new TextEncoder().encode(text).length > MAX_LITERAL_BYTES)
      return { outcome: 'output-limit', output: null };
    const output = this.#judgement.showsOutput ? text : null;
    return { outcome: matches(value, this.#judgement) ? 'pass' : 'fail', output };
  }
}
