/** The candidates of one problem, measured: which tests count, and how each candidate did on them. */

import type { Outcome } from '../execution/batch.ts';
import { packOutcomes } from './pack-outcomes.ts';
import { countBits, emptyPassBits, hasBit, type PassBits, setBit } from './pass-bits.ts';
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
  passBits: PassBits;
};

export const isAnswer = (outcome: Outcome | undefined): boolean => outcome === 'pass' || outcome === 'fail';

/** The text of a candidate’s answer to a test; undefined where there is no answer, or it has no text. */
export const answerText = (candidate: MeasuredCandidate, test: number): string | undefined =>
  isAnswer(candidate.outcomes[test]) ? (candidate.outputs?.[test] ?? undefined) : undefined;

/** Order of UTF-16 code units: the same everywhere, unlike a locale’s. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Most matrices are in this order already. */
const inOrderOfId = (candidates: readonly SelectionCandidate[]): readonly SelectionCandidate[] => {
  let before: string | undefined;
  for (const { id } of candidates) {
    if (before !== undefined && before > id) return [...candidates].sort((a, b) => compareIds(a.id, b.id));
    before = id;
  }
  return candidates;
};

/**
 * Drops the tests to which no candidate has an answer, and those that are flaky for more than `maxFlakyShare`
 * of the candidates that answered or were flaky: what such a test says of a program is chance.
 */
export const measurePopulation = (
  { id, tests, candidates }: SelectionMatrix,
  maxFlakyShare = 1,
): Population => {
  const passBits = emptyPassBits(candidates.length, tests.length);
  const answeredBits = passBits.words.slice(0, passBits.stride);
  const failing = [...answeredBits];
  const measured = inOrderOfId(candidates).map((candidate, position) =>
    measure(candidate, position, passBits, answeredBits, failing),
  );
  const isTooFlaky = flakyTest(measured, maxFlakyShare);
  const kept: number[] = [];
  const droppedTests: string[] = [];
  const flakyTests: string[] = [];
  tests.forEach((test, position) => {
    const isAnswered = hasBit(answeredBits, 0, position);
    const isFlaky = isAnswered && isTooFlaky(position);
    if (isAnswered && !isFlaky) kept.push(position);
    else droppedTests.push(testIdOf(test));
    if (isFlaky) flakyTests.push(testIdOf(test));
  });
  const population = { problemId: id, tests, kept, droppedTests, flakyTests, candidates: measured, passBits };
  return flakyTests.length > 0 ? countKeptOnly(population) : population;
};

/** One pass over the outcomes. A test dropped for want of answers counts for nobody, so that all may be counted. */
const measure = (
  { id, outcomes, outputs, perplexity, code, signals }: SelectionCandidate,
  position: number,
  { words, stride }: PassBits,
  answeredBits: number[],
  failing: number[],
): MeasuredCandidate => {
  const first = position * stride;
  packOutcomes(outcomes, words, first, failing);
  let passed = 0;
  let failed = 0;
  for (let word = 0; word < stride; word += 1) {
    const passes = words[first + word] ?? 0;
    const fails = failing[word] ?? 0;
    answeredBits[word] = (answeredBits[word] ?? 0) | passes | fails;
    passed += countBits(passes);
    failed += countBits(fails);
  }
  return {
    id,
    position,
    outcomes,
    outputs,
    answered: passed + failed,
    passed,
    flaky: passed + failed === outcomes.length ? 0 : countFlaky(outcomes),
    perplexity: perplexity ?? undefined,
    code,
    signals,
  };
};

const countFlaky = (outcomes: readonly Outcome[]): number => {
  let flaky = 0;
  for (const outcome of outcomes) flaky += Number(outcome === 'flaky');
  return flaky;
};

const flakyTest = (
  candidates: readonly MeasuredCandidate[],
  maxFlakyShare: number,
): ((test: number) => boolean) => {
  const unstable = maxFlakyShare < 1 ? candidates.filter(({ flaky }) => flaky > 0) : [];
  if (unstable.length === 0) return () => false;
  return (test) => {
    const flaky = unstable.filter(({ outcomes }) => outcomes[test] === 'flaky').length;
    const answered = candidates.filter(({ outcomes }) => isAnswer(outcomes[test])).length;
    return flaky > maxFlakyShare * (flaky + answered);
  };
};

/** After flaky tests were dropped, which have answers. */
const countKeptOnly = (population: Population): Population => {
  const { candidates, kept, tests } = population;
  const passBits = emptyPassBits(candidates.length, tests.length);
  const counted = candidates.map((candidate): MeasuredCandidate => {
    const passing = kept.filter((test) => candidate.outcomes[test] === 'pass');
    for (const test of passing) setBit(passBits, candidate.position, test);
    const answered = kept.filter((test) => isAnswer(candidate.outcomes[test])).length;
    return { ...candidate, passed: passing.length, answered };
  });
  return { ...population, candidates: counted, passBits };
};
