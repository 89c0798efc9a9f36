/** What a problem tells its iteration: measures only, the data lies in the bucket. */
import type { ReasonCounts } from '../activities/step.ts';
import type { StageTotals } from './stage-totals.ts';

export type ProblemOutcome = {
  problemId: string;
  state: 'consensus' | 'no-consensus' | 'too-few-tests' | 'stopped' | 'failed';
  /** Why there is no pair. */
  reason?: string;
  tests: { written: number; usable: number; dropped: ReasonCounts };
  candidates: { sampled: number; discarded: ReasonCounts; identicalTexts: number; spared: number };
  verdicts: ReasonCounts;
  /** Candidates by sign of reward hacking. */
  hacking?: ReasonCounts;
  /** The winner’s second run failed by a fault of ours; its selection stands. */
  unchecked?: true;
  /** Distinct programs run; equal ones share a run. */
  executed: number;
  /** Candidates that took the row of an equal program of an earlier round. */
  shared?: number;
  /** The chosen one, where there is a consensus. */
  selected?: string;
  /** Share of all candidates in the chosen cluster, 0 where none was chosen. */
  share: number;
  stages: StageTotals;
};

export const emptyOutcome = (problemId: string): ProblemOutcome => ({
  problemId,
  state: 'failed',
  tests: { written: 0, usable: 0, dropped: {} },
  candidates: { sampled: 0, discarded: {}, identicalTexts: 0, spared: 0 },
  verdicts: {},
  executed: 0,
  share: 0,
  stages: {},
});

/** A fault that would hit every problem alike, and ends the iteration with this one. */
export type CommonFault = { problemId: string; message: string; type: string };
