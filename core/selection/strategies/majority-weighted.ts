import { highestScoring } from './highest-scoring.ts';
import type { SelectionStrategy } from './selection-strategy.ts';
import { testVotes } from './weighted-support.ts';

/**
 * A soft majority: candidates that differ on one test still support each other on the others. It is MBR-Exec
 * (Shi et al., "Natural Language to Code Translation with Execution", 2022, arXiv 2204.11454) with each test
 * weighed by the entropy of its answers.
 */
export const majorityWeighted: SelectionStrategy = {
  name: 'majority-weighted',
  summary:
    'The cluster whose answers have most support test by test, informative tests counting more (after MBR-Exec, arXiv 2204.11454).',
  choosesBy: 'score',
  choose: (input) => {
    const { population, clusters, policy } = input;
    const votes = testVotes(population.kept, clusters, policy.signature);
    return highestScoring(input, ({ best }) =>
      votes.reduce((sum, { weight, supportOf }) => sum + weight * supportOf(best), 0),
    );
  },
};
