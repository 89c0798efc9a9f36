/** What a problem of these tests reports. */
import type { ProblemOutcome } from '../../../workflows/problem-outcome.ts';

export const endedProblem = (problemId: string, state: ProblemOutcome['state']): ProblemOutcome => ({
  problemId,
  state,
  tests: { written: 5, usable: 4, dropped: { 'cannot run': 1 } },
  candidates: { sampled: 8, discarded: {}, identicalTexts: 0, spared: 0 },
  verdicts: { pass: 4 },
  executed: 8,
  share: 0.5,
  stages: { solve: { tokens: 10, seconds: 0 } },
});
