import { reliabilityOf } from '../reliability.ts';
import type { CandidateSignal } from './candidate-signal.ts';

export const passRateSignal: CandidateSignal = {
  name: 'pass-rate',
  summary: 'The share of the tests kept that it passes, whatever `selection.reliability` says.',
  better: 'higher',
  valueOf: (candidate, { tests }) => reliabilityOf(candidate, 'passes', tests),
};
