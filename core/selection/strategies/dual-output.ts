import type { Cluster } from '../clusters.ts';
import { highestScoring } from './highest-scoring.ts';
import type { SelectionStrategy } from './selection-strategy.ts';
import { type TestVote, testVotes } from './weighted-support.ts';

/** How much a wholly trusted author of tests counts beside the candidates; between 1 and 3 little changes. */
const AUTHOR_WEIGHT = 1.5;

/** A cluster that passes nothing is not lost where nobody passes much. */
const SMOOTHING = 0.02;

/**
 * Our own, a sum of what the others teach: returned values instead of pass bits (the article’s theorem), soft
 * support test by test, so that programs that differ in one corner still back each other in all others
 * (MBR-Exec, arXiv 2204.11454), informative tests counting more, and the tests’ author as a second witness
 * (dual agreement, CodeT, arXiv 2207.10397), heard as far as the answers that most candidates give agree with
 * the values that the author expects. Score of a cluster: support × passed^(1.5 × trust), support and passed
 * weighted by the entropy of each test. Chosen on simulated populations; docs/selection.md has the measurement.
 */
export const dualOutput: SelectionStrategy = {
  name: 'dual-output',
  summary:
    'The cluster of equal returned values with the highest product of weighted support and weighted passes, passes counting as far as the tests prove right (ours).',
  signature: 'output',
  choosesBy: 'score',
  choose: (input) => {
    const votes = testVotes(input.population.kept, input.clusters, 'output');
    const exponent = AUTHOR_WEIGHT * trustIn(votes);
    const total = votes.reduce((sum, { weight }) => sum + weight, 0);
    return highestScoring(input, ({ best }: Cluster) => {
      let support = 0;
      let passed = 0;
      for (const { test, weight, supportOf } of votes) {
        support += weight * supportOf(best);
        if (best.outcomes[test] === 'pass') passed += weight;
      }
      return total === 0 ? 0 : support * (SMOOTHING + passed / total) ** exponent;
    });
  },
};

/** Share of the tests whose expected value is the answer that most candidates give. */
const trustIn = (votes: readonly TestVote[]): number => {
  const judged = votes.filter(({ favouritePasses }) => favouritePasses !== undefined);
  const matched = judged.filter(({ favouritePasses }) => favouritePasses);
  return judged.length === 0 ? 0 : matched.length / judged.length;
};
