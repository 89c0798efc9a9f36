import type { CandidateSignal } from './candidate-signal.ts';

export const lintSignal: CandidateSignal = {
  name: 'lint',
  summary: 'Findings of ruff in its code: undefined and unused names, suspicious comparisons, syntax.',
  better: 'lower',
  valueOf: ({ signals }) => signals?.lint,
};
