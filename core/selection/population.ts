/** The candidates of one problem, measured: which tests count, and how each candidate did on them. */
import type { Outcome } from '../execution/batch.ts';
import {
  type MatrixTest,
  type SelectionCandidate,
  type SelectionMatrix,
  testIdOf,
} from './selection-matrix.ts';

export type MeasuredCandidate = {
  id: string;
  /** Index among the population’s candidates. */
  position: number;
  outcomes: readonly Outcome[];
  /** As the matrix has them; `answerText` tells which are texts of answers. */
  outputs: readonly (string | null)[] | undefined;
  /** Kept tests that ran to an answer, right or wrong. */
  answered: number;
  /** Kept tests that passed. */
  passed: number;
  /** 31 tests a number, in the order of tests: 1 where a kept test passed. */
  passBits: readonly number[];
  /** Tests that are flaky, dropped ones too. */
  flaky: number;
  /** Undefined comes last. */
  perplexity: number | undefined;
  code: string | undefined;
  signals: SelectionCandidate['signals'];
};

export type Population = {
  problemId: string;
  tests: readonly MatrixTest[];
  /** Positions of the tests that count. */
  kept: readonly number[];
  /** Without any answer, or too flaky. */
  droppedTests: readonly string[];
  /** Those of the dropped ones that have answers and are too flaky. */
  flakyTests: readonly string[];
  /** In order of id. */
  candidates: readonly MeasuredCandidate[];
};

export const isAnswer = (outcome: Outcome | undefined): boolean => outcome === 'pass' || outcome === 'fail';

/** The text of a candidate’s answer to a test; undefined where there is no answer, or it has no text. */
export const answerText = (candidate: MeasuredCandidate, test: number): string | undefined =>
  isAnswer(candidate.outcomes[test]) ? (candidate.outputs?.[test] ?? undefined) : undefined;

/** Order of UTF-16 code units: the same everywhere, unlike a locale’s. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Drops the tests to which no candidate has an answer, and those that are flaky for more than `maxFlakyShare`
 * of the candidates that answered or were flaky: what such a test says of a program is chance.
 */
export const measurePopulation = (
  { id, tests, candidates }: SelectionMatrix,
  maxFlakyShare = 1,
): Population => {
  const answers = tests.map(() => 0);
  const flaky = tests.map(() => 0);
  const sorted = [...candidates].sort((a, b) => compareIds(a.id, b.id));
  const measured = sorted.map((candidate, position) => measure(candidate, position, answers, flaky));
  const kept: number[] = [];
  const droppedTests: string[] = [];
  const flakyTests: string[] = [];
  tests.forEach((test, position) => {
    const [stable = 0, unstable = 0] = [answers[position], flaky[position]];
    const isTooFlaky = stable > 0 && unstable > maxFlakyShare * (stable + unstable);
    if (stable > 0 && !isTooFlaky) kept.push(position);
    else droppedTests.push(testIdOf(test));
    if (isTooFlaky) flakyTests.push(testIdOf(test));
  });
  if (flakyTests.length > 0) for (const candidate of measured) countKept(candidate, kept);
  return { problemId: id, tests, kept, droppedTests, flakyTests, candidates: measured };
};

/** Tests in one number of passBits. */
const BITS = 31;

/** One pass over the outcomes. A test dropped for want of answers counts for nobody, so that all may be counted. */
const measure = (
  { id, outcomes, outputs, perplexity, code, signals }: SelectionCandidate,
  position: number,
  answers: number[],
  flakyTests: number[],
): MeasuredCandidate => {
  const passBits: number[] = [];
  let word = 0;
  let passed = 0;
  let failed = 0;
  let flaky = 0;
  for (let test = 0; test < outcomes.length; test += 1) {
    if (test % BITS === 0 && test > 0) {
      passBits.push(word);
      word = 0;
    }
    const outcome = outcomes[test];
    word <<= 1;
    if (outcome === 'pass') {
      passed += 1;
      word |= 1;
      answers[test] = (answers[test] ?? 0) + 1;
    } else if (outcome === 'fail') {
      failed += 1;
      answers[test] = (answers[test] ?? 0) + 1;
    } else if (outcome === 'flaky') {
      flaky += 1;
      flakyTests[test] = (flakyTests[test] ?? 0) + 1;
    }
  }
  passBits.push(word);
  return {
    id,
    position,
    outcomes,
    outputs,
    answered: passed + failed,
    passed,
    passBits,
    flaky,
    perplexity: perplexity ?? undefined,
    code,
    signals,
  };
};

const countKept = (candidate: MeasuredCandidate, kept: readonly number[]): void => {
  const bits = candidate.passBits.map(() => 0);
  for (const test of kept) {
    const place = Math.floor(test / BITS);
    if (candidate.outcomes[test] === 'pass') bits[place] = (bits[place] ?? 0) | (1 << (test % BITS));
  }
  candidate.passBits = bits;
  candidate.passed = kept.filter((test) => candidate.outcomes[test] === 'pass').length;
  candidate.answered = kept.filter((test) => isAnswer(candidate.outcomes[test])).length;
};
