/** What an iteration knows so far: counters only, so that it fits into continue-as-new at any size. */
import type { PlannedCurriculum } from '../activities/campaign/curriculum-activities.ts';
import type { ReasonCounts } from '../activities/step.ts';
import type { CurriculumRecord } from '../core/problems/curriculum/curriculum-record.ts';
import type { ConsensusSummary } from '../core/selection/consensus-summary.ts';
import type { ReviewDecision } from '../core/steering/review.ts';
import type { PauseClock } from './pause-clock.ts';
import type { CommonFault, ProblemOutcome } from './problem-outcome.ts';
import { addCounts, addTotals, type StageTotals } from './stage-totals.ts';

/** The clock is the phase’s. */
export type IterationState = PauseClock & {
  phase: 'propose' | 'solve';
  /** Twentieths of the phase that the campaign was told of. */
  told?: number;
  /** What happened last, in a sentence. */
  lastEvent?: string;
  /** Where the iteration has a curriculum: its plan, and at the end what came of it. */
  curriculum?: PlannedCurriculum & { record?: CurriculumRecord };
  batches: number;
  /** Proposals asked for; the model may have answered fewer. */
  asked: number;
  proposed: number;
  accepted: number;
  refined: number;
  duplicates: number;
  nearDuplicates: number;
  /** Problems that overlap a benchmark. */
  contaminated: number;
  discardedProblems: ReasonCounts;
  /** Judge’s scores in ten equal bins over 0…1. */
  scoreBins: number[];
  /** Accepted problems to solve. */
  total: number;
  started: number;
  finished: number;
  /** Ids of problems in progress. */
  open: string[];
  /** What ends the iteration: a problem in progress met it, and it would hit every other one. */
  fault?: CommonFault;
  /** Ids that come next. */
  page: string[];
  outcomes: ReasonCounts;
  tests: { written: number; usable: number; dropped: ReasonCounts };
  candidates: { sampled: number; discarded: ReasonCounts; identicalTexts: number; spared: number };
  verdicts: ReasonCounts;
  hacking?: ReasonCounts;
  executed: number;
  /** Candidates that took the row of an equal program of an earlier round. */
  shared?: number;
  /** Decided problems whose winner could not be run a second time. */
  uncheckedWinners?: number;
  /** Shares of chosen clusters in ten equal bins over 0…1. */
  shareBins: number[];
  /** Problems whose selection waits for a person. */
  inReview?: string[];
  /** What was decided about those that waited. */
  reviews?: ReviewDecision[];
  /** Doubtful selections beyond those that a person is asked about; what was decided about each lies in the bucket. */
  unasked?: number;
  stages: StageTotals;
  /** Problems that a fault of ours left unfinished, as the campaign was told last. */
  toldFailures?: number;
  /** The limit on tokens of which the campaign was told. */
  toldLimit?: number;
  /** Known at the end, when all selections are gathered. */
  consensus?: ConsensusSummary;
};

const bins = (): number[] => Array.from({ length: 10 }, () => 0);

export const emptyIterationState = (now: number): IterationState => ({
  phase: 'propose',
  since: now,
  batches: 0,
  asked: 0,
  proposed: 0,
  accepted: 0,
  refined: 0,
  duplicates: 0,
  nearDuplicates: 0,
  contaminated: 0,
  discardedProblems: {},
  scoreBins: bins(),
  total: 0,
  started: 0,
  finished: 0,
  open: [],
  page: [],
  outcomes: {},
  tests: { written: 0, usable: 0, dropped: {} },
  candidates: { sampled: 0, discarded: {}, identicalTexts: 0, spared: 0 },
  verdicts: {},
  executed: 0,
  shareBins: bins(),
  stages: {},
});

/** What the steps of an iteration with a curriculum are told. */
export const planOf = ({ curriculum }: IterationState): { plan?: string } =>
  curriculum ? { plan: curriculum.plan } : {};

/** Problems that a fault of ours left without an end, or without the second run of their winner. */
export const failuresOfOurs = ({ outcomes, uncheckedWinners }: IterationState): number =>
  (outcomes.failed ?? 0) + (uncheckedWinners ?? 0);

/** Counts an outcome once: a second message about the same problem changes nothing. Whether it was the first. */
export const recordOutcome = (state: IterationState, outcome: ProblemOutcome): boolean => {
  const position = state.open.indexOf(outcome.problemId);
  if (position < 0) return false;
  state.open.splice(position, 1);
  state.finished += 1;
  state.lastEvent = `${outcome.problemId}: ${outcome.state}${outcome.reason ? `, ${outcome.reason}` : ''}`;
  addCounts(state.outcomes, { [outcome.state]: 1 });
  state.tests.written += outcome.tests.written;
  state.tests.usable += outcome.tests.usable;
  addCounts(state.tests.dropped, outcome.tests.dropped);
  state.candidates.sampled += outcome.candidates.sampled;
  state.candidates.identicalTexts += outcome.candidates.identicalTexts;
  state.candidates.spared += outcome.candidates.spared;
  addCounts(state.candidates.discarded, outcome.candidates.discarded);
  addCounts(state.verdicts, outcome.verdicts);
  if (outcome.hacking) {
    state.hacking ??= {};
    addCounts(state.hacking, outcome.hacking);
  }
  state.executed += outcome.executed;
  if (outcome.shared) state.shared = (state.shared ?? 0) + outcome.shared;
  if (outcome.unchecked) state.uncheckedWinners = (state.uncheckedWinners ?? 0) + 1;
  if (outcome.state === 'consensus') {
    const bin = Math.min(9, Math.floor(outcome.share * 10));
    state.shareBins[bin] = (state.shareBins[bin] ?? 0) + 1;
  }
  addTotals(state.stages, outcome.stages);
  return true;
};

/** Takes a decision once; a rejected selection is no consensus. */
export const recordReview = (state: IterationState, decision: ReviewDecision): void => {
  const position = state.inReview?.indexOf(decision.problemId) ?? -1;
  if (position < 0) return;
  state.inReview?.splice(position, 1);
  state.reviews = [...(state.reviews ?? []), decision];
  countReview(state, decision);
};

export const recordUnasked = (state: IterationState, decision: ReviewDecision): void => {
  state.unasked = (state.unasked ?? 0) + 1;
  countReview(state, decision);
};

const countReview = ({ outcomes }: IterationState, { decision }: ReviewDecision): void => {
  if (decision === 'reject') addCounts(outcomes, { consensus: -1, rejected: 1 });
};
