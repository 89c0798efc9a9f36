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
};

export type Population = {
  problemId: string;
  tests: readonly MatrixTest[];
  /** Positions of the tests that at least one candidate answered. */
  kept: readonly number[];
  droppedTests: readonly string[];
  /** In order of id. */
  candidates: readonly MeasuredCandidate[];
};

export const isAnswer = (outcome: Outcome | undefined): boolean => outcome === 'pass' || outcome === 'fail';

/** The text of a candidate’s answer to a test; undefined where there is no answer, or it has no text. */
export const answerText = (candidate: MeasuredCandidate, test: number): string | undefined =>
  isAnswer(candidate.outcomes[test]) ? (candidate.outputs?.[test] ?? undefined) : undefined;

/** Order of UTF-16 code units: the same everywhere, unlike a locale’s. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const measurePopulation = ({ id, tests, candidates }: SelectionMatrix): Population => {
  const answeredTests = tests.map(() => false);
  for (const { outcomes } of candidates) {
    for (let test = 0; test < outcomes.length; test += 1) {
      if (isAnswer(outcomes[test])) answeredTests[test] = true;
    }
  }
  return {
    problemId: id,
    tests,
    kept: answeredTests.flatMap((answered, position) => (answered ? [position] : [])),
    droppedTests: tests.filter((_, position) => !answeredTests[position]).map(testIdOf),
    candidates: candidates.map(measureCandidate).sort((a, b) => compareIds(a.id, b.id)),
  };
};

/** A dropped test has neither answers nor passes, so that all tests may be counted. */
const measureCandidate = (candidate: SelectionCandidate): MeasuredCandidate => {
  const { id, outcomes, outputs, perplexity, code } = candidate;
  let answered = 0;
  let passed = 0;
  for (const outcome of outcomes) {
    if (outcome === 'pass') passed += 1;
    if (isAnswer(outcome)) answered += 1;
  }
  return {
    id,
    outcomes,
    outputs,
    answered,
    passed,
    perplexity: perplexity ?? undefined,
    code,
  };
};
