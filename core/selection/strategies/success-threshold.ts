import { leastCount } from '../../statistics/least-count.ts';
import { drawOne } from './draw.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

/** The paper’s value. */
const SUCCESS_RATE = 0.5;

export const successThreshold: SelectionStrategy = {
  name: 'success-threshold',
  summary:
    'Drawn uniformly from the reliable candidates that pass at least half of the tests (the paper’s ablation "success rate (0.5)").',
  ignoresClusters: true,
  choose: (input) => {
    const least = leastCount(SUCCESS_RATE, input.population.kept.length);
    const successful = input.choosable.filter(({ passed }) => passed > 0 && passed >= least);
    return drawOne('success-threshold', successful, input, 'no reliable candidate passes half of the tests');
  },
};
