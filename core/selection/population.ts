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
  outcomes: readonly Outcome[];
  /** As the matrix has them; `answerText` tells which are texts of answers. */
  outputs: readonly (string | null)[] | undefined;
  /** Kept tests that ran to an answer, right or wrong. */
  answered: number;
  /** Kept tests that passed. */
  passed: number;
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
  for (const { outcomes } of candidates) {
    for (let test = 0; test < outcomes.length; test += 1) {
      const outcome = outcomes[test];
      if (isAnswer(outcome)) answers[test] = (answers[test] ?? 0) + 1;
      else if (outcome === 'flaky') flaky[test] = (flaky[test] ?? 0) + 1;
    }
  }
  const isFlaky = (test: number): boolean => {
    const [stable = 0, unstable = 0] = [answers[test], flaky[test]];
    return stable > 0 && unstable > maxFlakyShare * (stable + unstable);
  };
  const kept: number[] = [];
  const droppedTests: string[] = [];
  const flakyTests: string[] = [];
  tests.forEach((test, position) => {
    if (answers[position] !== 0 && !isFlaky(position)) {
      kept.push(position);
      return;
    }
    droppedTests.push(testIdOf(test));
    if (answers[position] !== 0) flakyTests.push(testIdOf(test));
  });
  return {
    problemId: id,
    tests,
    kept,
    droppedTests,
    flakyTests,
    candidates: candidates
      .map((candidate) => measureCandidate(candidate, kept))
      .sort((a, b) => compareIds(a.id, b.id)),
  };
};

const measureCandidate = (candidate: SelectionCandidate, kept: readonly number[]): MeasuredCandidate => {
  const { id, outcomes, outputs, perplexity, code, signals } = candidate;
  let answered = 0;
  let passed = 0;
  for (const test of kept) {
    const outcome = outcomes[test];
    if (outcome === 'pass') passed += 1;
    if (isAnswer(outcome)) answered += 1;
  }
  return { id, outcomes, outputs, answered, passed, perplexity: perplexity ?? undefined, code, signals };
};
