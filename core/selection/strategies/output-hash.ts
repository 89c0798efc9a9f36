import { drawOne } from './draw.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

/**
 * Without any rule against trivial clusters, and without a best member: what the rules and the order of
 * members add to output-consensus is the difference to this.
 */
export const outputHash: SelectionStrategy = {
  name: 'output-hash',
  summary:
    'Drawn uniformly from the largest cluster of equal returned values that has an answer, trivial or not (the paper’s ablation, as we read it).',
  signature: 'output',
  ignoresClusters: true,
  choose: (input) => {
    const answering = input.clusters.find(({ best }) => best.answered > 0);
    return drawOne('output-hash', answering?.choosable ?? [], input, 'no reliable candidate answers a test');
  },
};
