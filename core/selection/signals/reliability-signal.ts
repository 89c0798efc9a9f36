import { reliabilityOf } from '../reliability.ts';
import type { CandidateSignal } from './candidate-signal.ts';

export const reliabilitySignal: CandidateSignal = {
  name: 'reliability',
  summary: 'e(r), as `selection.reliability` counts it (Eq. 3 of arXiv 2512.17385).',
  better: 'higher',
  valueOf: (candidate, { reliability, tests }) => reliabilityOf(candidate, reliability, tests),
};
