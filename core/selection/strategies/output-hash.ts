import { isAnswer } from '../population.ts';
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
  choose: (input) => {
    const answering = input.clusters.find(({ best }) => best.outcomes.some(isAnswer));
    return drawOne('output-hash', answering?.members ?? [], input, 'no reliable candidate answers a test');
  },
};
