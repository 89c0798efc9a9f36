import { compareIds } from '../population.ts';
import { reliableTests } from '../reliability.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

/** Looks at no agreement at all; in the paper’s single round it beats consensus on four columns at 7B. */
export const lowestPerplexity: SelectionStrategy = {
  name: 'lowest-perplexity',
  summary:
    'The reliable candidate of lowest perplexity, then of highest e(r), then of smallest id (the paper’s ablation).',
  ignoresClusters: true,
  choose: ({ choosable, policy: { reliability } }) => {
    const [winner] = choosable
      .filter(({ perplexity }) => perplexity !== undefined)
      .sort(
        (a, b) =>
          (a.perplexity ?? 0) - (b.perplexity ?? 0) ||
          reliableTests(b, reliability) - reliableTests(a, reliability) ||
          compareIds(a.id, b.id),
      );
    return winner ? { winner } : { winner: null, reason: 'no reliable candidate has a perplexity' };
  },
};
