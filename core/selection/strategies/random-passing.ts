import { drawOne } from './draw.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

/** What consensus must beat. */
export const randomPassing: SelectionStrategy = {
  name: 'random-passing',
  summary:
    'Drawn uniformly, by seed and problem id, from the reliable candidates that pass at least one test (the paper’s ablation "random among successful").',
  ignoresClusters: true,
  choose: (input) => {
    const passing = input.choosable.filter(({ passed }) => passed > 0);
    return drawOne('random-passing', passing, input, 'no reliable candidate passes a test');
  },
};
