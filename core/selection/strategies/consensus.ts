import type { Choice, SelectionStrategy, StrategyInput } from './selection-strategy.ts';

/** The best member of the largest non-trivial cluster. */
export const largestConsensus = ({ clusters, eligible, firstRefusal }: StrategyInput): Choice => {
  const [largest] = eligible;
  if (largest) return { winner: largest.best };
  const size = clusters[0]?.members.length ?? 0;
  return {
    winner: null,
    reason: `no cluster is a consensus; the largest has ${size} ${size === 1 ? 'member' : 'members'}: ${firstRefusal ?? 'it is trivial'}`,
  };
};

export const consensus: SelectionStrategy = {
  name: 'consensus',
  summary:
    'The best member of the largest non-trivial cluster of equal signatures (arXiv 2512.17385, the paper’s own).',
  choose: largestConsensus,
};
