import { highestScoring } from './highest-scoring.ts';
import type { SelectionStrategy } from './selection-strategy.ts';
import { testVotes } from './weighted-support.ts';

/** A passed test is a second witness, the test’s author beside the candidates that agree. */
const PASS_BONUS = 1;

/**
 * Our own: CodeT’s dual agreement carried over to returned values. A cluster scores its size times the weighted
 * support of its answers, and an answer that also matches the test’s expected value counts twice. So expected
 * values help where they are right, and do not rule where most are wrong.
 */
export const dualOutput: SelectionStrategy = {
  name: 'dual-output',
  summary:
    'The cluster of equal returned values with the highest product of size and weighted support, a matched expected value counting twice (ours).',
  signature: 'output',
  choose: (input) => {
    const votes = testVotes(input.population.kept, input.reliable, 'output');
    return highestScoring(input, ({ members, best }) => {
      const support = votes.reduce((sum, { test, weight, supportOf }) => {
        const witnesses = best.outcomes[test] === 'pass' ? 1 + PASS_BONUS : 1;
        return sum + weight * supportOf(best) * witnesses;
      }, 0);
      return members.length * support;
    });
  },
};
