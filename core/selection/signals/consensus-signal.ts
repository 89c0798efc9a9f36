import type { CandidateSignal } from './candidate-signal.ts';

export const consensusSignal: CandidateSignal = {
  name: 'consensus',
  summary: 's(r), the share of all candidates in its cluster (consensus strength of arXiv 2512.17385).',
  better: 'higher',
  valueOf: (candidate, { agreeing, candidates }) => agreeing(candidate) / candidates,
};
