import type { CandidateSignal } from './candidate-signal.ts';

export const perplexitySignal: CandidateSignal = {
  name: 'perplexity',
  summary: 'f(r) = exp(mean negative log-probability) of its tokens (fluency of arXiv 2512.17385).',
  better: 'lower',
  valueOf: ({ perplexity }) => perplexity,
};
