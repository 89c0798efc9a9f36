import { largestConsensus } from './consensus.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

/** For weak models, whose expected values are mostly wrong while their programs still agree when they are right. */
export const outputConsensus: SelectionStrategy = {
  name: 'output-consensus',
  summary: 'consensus over returned values, so that no expected value is needed.',
  signature: 'output',
  choosesBy: 'size',
  choose: largestConsensus,
};
