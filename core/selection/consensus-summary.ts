/** What an iteration’s selections say together: health of the consensus, worth of the tests, quality over perplexity. */
import { z } from 'zod';
import { addPerplexityBins, emptyPerplexityBins, PerplexityBins } from './perplexity-bins.ts';
import type { StoredSelection } from './stored-selection.ts';

const count = z.int().min(0);
const counts = z.record(z.string(), count);
const mean = z.number().min(0);

export const ConsensusSummary = z.object({
  problems: count.describe('Problems with a selection, decided or not; the means are over them.'),
  decided: count,
  largestShare: mean.describe('Mean share of the largest cluster.'),
  margin: mean.describe('Mean margin of the largest cluster to the second.'),
  entropyBits: mean.describe('Mean entropy of the clusters’ sizes.'),
  degenerateTestRate: mean.describe('Mean share of tests that were dropped or tell no two clusters apart.'),
  flakyRate: mean.describe('Mean share of candidate × test pairs that are flaky.'),
  tests: z
    .object({
      kept: count,
      informative: count,
      allPass: count,
      allFail: count,
      dropped: count.describe('Without any answer, or too flaky.'),
      flaky: count,
      contradicted: count.describe('Expected values that the largest output cluster contradicts.'),
    })
    .describe('Sums over the problems.'),
  refusedClusters: counts.describe('By the rule against trivial clusters that refused them.'),
  vetoedCandidates: counts.describe('By signal.'),
  notEvaluated: counts
    .optional()
    .describe('Clusters that a rule, and candidates that a veto, could not judge: their input is missing.'),
  oneTextClusters: count.describe('Chosen clusters of three members or more whose sources are all the same.'),
  perplexity: PerplexityBins,
});
export type ConsensusSummary = z.infer<typeof ConsensusSummary>;

/** Two equal texts happen; three or more that agree because they are one text are no agreement. */
const LEAST_MEMBERS = 3;

/** Over the selections in the order of their problems, so that no sum depends on which problem ended first. */
export const summariseConsensus = (selections: readonly StoredSelection[]): ConsensusSummary => {
  const tests = { kept: 0, informative: 0, allPass: 0, allFail: 0, dropped: 0, flaky: 0, contradicted: 0 };
  const refusedClusters: Record<string, number> = {};
  const vetoedCandidates: Record<string, number> = {};
  const notEvaluated: Record<string, number> = {};
  const perplexity = emptyPerplexityBins();
  let oneTextClusters = 0;
  for (const selection of selections) {
    const { tests: weighed, droppedTests, rules, vetoes, chosenCluster } = selection;
    for (const field of ['kept', 'informative', 'allPass', 'allFail'] as const)
      tests[field] += weighed[field];
    tests.dropped += droppedTests.length;
    tests.flaky += weighed.flaky.length;
    tests.contradicted += weighed.contradicted.length;
    for (const { rule, refused, notEvaluated: unknown } of rules) {
      add(refusedClusters, rule, refused);
      add(notEvaluated, rule, unknown);
    }
    for (const { signal, vetoed, notEvaluated: unknown } of vetoes) {
      add(vetoedCandidates, signal, vetoed);
      add(notEvaluated, signal, unknown);
    }
    if (chosenCluster && chosenCluster.members >= LEAST_MEMBERS && chosenCluster.texts === 1)
      oneTextClusters += 1;
    addPerplexityBins(perplexity, selection.perplexity);
  }
  const meanOf = (measure: (health: StoredSelection['health']) => number): number =>
    selections.length === 0
      ? 0
      : selections.reduce((sum, { health }) => sum + measure(health), 0) / selections.length;
  return {
    problems: selections.length,
    decided: selections.filter(({ selected }) => selected !== null).length,
    largestShare: meanOf(({ largestShare }) => largestShare),
    margin: meanOf(({ margin }) => margin),
    entropyBits: meanOf(({ entropyBits }) => entropyBits),
    degenerateTestRate: meanOf(({ degenerateTestRate }) => degenerateTestRate),
    flakyRate: meanOf(({ flakyRate }) => flakyRate),
    tests,
    refusedClusters,
    vetoedCandidates,
    notEvaluated,
    oneTextClusters,
    perplexity,
  };
};

const add = (totals: Record<string, number>, key: string, count: number): void => {
  if (count > 0) totals[key] = (totals[key] ?? 0) + count;
};
