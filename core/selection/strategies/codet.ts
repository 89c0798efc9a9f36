import { highestScoring } from './highest-scoring.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

/**
 * f(S) = |solutions| × |tests that they pass|, over sets of solutions that pass the same tests. Source: Chen et
 * al., "CodeT: Code Generation with Generated Tests", 2022 (arXiv 2207.10397), §2.2. CodeT itself has no minimum
 * size; minClusterSize 1 is the original.
 */
export const codet: SelectionStrategy = {
  name: 'codet',
  summary:
    'The cluster with the highest product of its size and the tests it passes (dual agreement, arXiv 2207.10397).',
  signature: 'outcome',
  choosesBy: 'score',
  choose: (input) => highestScoring(input, ({ members, best }) => members.length * best.passed),
};
