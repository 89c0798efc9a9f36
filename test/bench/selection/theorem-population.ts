/**
 * Populations for the article’s theorem: of n programs k are right and return the same values; two wrong ones
 * agree on one test with chance p, independently by test. Then the largest cluster of equal values is the right
 * one with probability at least 1 − n²·p^|T|, once k ≥ 2. Three ways to leave that regime are parameters.
 */
import type { Outcome } from '../../../core/execution/batch.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { seededRandom } from '../../../core/statistics/seeded-random.ts';
import type { JudgedProblem } from './simulate-problem.ts';

export type TheoremPopulation = {
  candidates: number;
  right: number;
  tests: number;
  /** Chance that two wrong programs return the same value on a test. */
  agreement: number;
  /** Share of the tests that every wrong program passes, as on easy inputs; on the others it is wrong. */
  easy: number;
  /** Share of wrong programs that are one misunderstanding: they agree on every test. */
  misunderstood: number;
};

export const theoremProblem = (population: TheoremPopulation, seed: number): JudgedProblem => {
  const { candidates, right, tests, agreement, easy, misunderstood } = population;
  const random = seededRandom(seed, `theorem ${JSON.stringify(population)}`);
  const easyTests = Math.round(easy * tests);
  const together = Math.round(misunderstood * (candidates - right));
  // Two draw the common value with chance √p each, so that they agree with chance p.
  const common = Math.sqrt(agreement);
  const rightIds = new Set<string>();
  const rows: SelectionMatrix['candidates'] = Array.from({ length: candidates }, (_, position) => {
    // Ids in random order: no tie is broken in favour of anybody.
    const id = `c${random().toString(36).slice(2)}-${position}`;
    const isRight = position < right;
    if (isRight) rightIds.add(id);
    const isTogether = position < right + together;
    const outputs = Array.from({ length: tests }, (__, test) => {
      if (isRight || test < easyTests) return `right ${test}`;
      if (isTogether) return `misunderstood ${test}`;
      return random() < common ? `wrong ${test}` : `wrong ${test} of ${position}`;
    });
    const outcomes = outputs.map((text): Outcome => (text.startsWith('right') ? 'pass' : 'fail'));
    return { id, outcomes, outputs };
  });
  return {
    matrix: {
      id: `theorem ${seed}`,
      tests: Array.from({ length: tests }, (_, test) => `t${test}`),
      candidates: rows,
    },
    right: rightIds,
  };
};

/** The theorem’s lower bound for the probability that the largest cluster is right, with at least two right programs. */
export const theoremBound = ({ candidates, tests, agreement }: TheoremPopulation): number =>
  1 - candidates ** 2 * agreement ** tests;
