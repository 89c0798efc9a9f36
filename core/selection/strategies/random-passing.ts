import { seededRandom } from '../../statistics/seeded-random.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

/** The paper’s "random among successful" (its ablation): what consensus must beat. */
export const randomPassing: SelectionStrategy = {
  name: 'random-passing',
  summary:
    'Drawn uniformly, by seed and problem id, from the reliable candidates that pass at least one test.',
  choose: ({ reliable, population, policy }) => {
    const passing = reliable.filter(({ passed }) => passed > 0);
    const draw = seededRandom(policy.seed, `random-passing/${population.problemId}`)();
    const winner = passing[Math.floor(draw * passing.length)];
    return winner ? { winner } : { winner: null, reason: 'no reliable candidate passes a test' };
  },
};
