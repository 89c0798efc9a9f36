import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** τ of arXiv 2512.17385: one candidate agrees with itself on anything. */
export const minimumSize: NonTrivialRule = {
  name: 'minimum-size',
  summary:
    'The cluster has at least minClusterSize members (τ of arXiv 2512.17385, the paper’s own rule). Always on.',
  appliesTo: () => true,
  judge: ({ members }, { policy }) =>
    members.length >= policy.minClusterSize
      ? KEPT
      : { state: 'refused', reason: `${members.length} of the ${policy.minClusterSize} members needed` },
};
