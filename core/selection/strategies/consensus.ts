import type { Choice, SelectionStrategy, StrategyInput } from './selection-strategy.ts';

/** The best member of the largest non-trivial cluster. */
export const largestConsensus = (input: StrategyInput): Choice => {
  const [largest] = input.eligible;
  return largest ? { winner: largest.best } : noConsensus(input);
};

/** For every strategy that chooses among the clusters that no rule refused, where there is none. */
export const noConsensus = ({ clusters, firstRefusal }: StrategyInput): Choice => {
  const size = clusters[0]?.members.length ?? 0;
  const members = size === 1 ? 'member' : 'members';
  return {
    winner: null,
    reason: `no cluster is a consensus; the largest has ${size} ${members}: ${firstRefusal ?? 'it is trivial'}`,
  };
};

export const consensus: SelectionStrategy = {
  name: 'consensus',
  summary:
    'The best member of the largest non-trivial cluster of equal signatures (arXiv 2512.17385, the paper’s own).',
  choosesBy: 'size',
  choose: largestConsensus,
};
