/** Signals and queries of all workflows, apart from these, so that the command can import them alone. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { TRAINING_PROGRESS, type TrainingProgress } from '../core/details/training-progress.ts';
import type {
  PauseRequest,
  ResumeRequest,
  RetryRequest,
  RetuneRequest,
  ReviewRequest,
  RollbackRequest,
  StopRequest,
} from '../core/steering/requests.ts';
import type { Doubtful, ReviewDecision, ReviewQueue } from '../core/steering/review.ts';
import type { CampaignReportInput } from './campaign-state.ts';
import type { CommonFault, ProblemOutcome } from './problem-outcome.ts';
import type { Progress, ToldProgress } from './progress.ts';
import type { Steering, SteeringAnswer } from './steering.ts';

/** Asked of `campaign`, and of the child that it names. */
export const progressQuery = defineQuery<Progress>('progress');

/** What `ucoder report` is made of. */
export const reportQuery = defineQuery<CampaignReportInput>('report');

/** A problem tells its iteration how it ended; it is told by workflow id, so it outlives a run of the iteration. */
export const problemFinished = defineSignal<[ProblemOutcome]>('problemFinished');

/** From a problem that met a fault which would hit every problem alike: its iteration fails with it. */
export const problemFailed = defineSignal<[CommonFault]>('problemFailed');

/** To the lease of a model server: `holder` is a campaign’s workflow id. */
export const requestLease = defineSignal<[{ holder: string }]>('requestLease');
export const releaseLease = defineSignal<[{ holder: string }]>('releaseLease');
/** From the lease to the campaign whose turn it is. */
export const leaseGranted = defineSignal<[]>('leaseGranted');
/** Who holds the server, and who waits for it in order. */
export const leaseQuery = defineQuery<{ holder: string | null; waiting: string[] }>('lease');

/** What a person asks of a campaign; each is answered with where the campaign stands now, or refused with a reason. */
export const pauseUpdate = defineUpdate<SteeringAnswer, [Partial<PauseRequest>]>('pause');
export const resumeUpdate = defineUpdate<SteeringAnswer, [Partial<ResumeRequest>]>('resume');
export const stopUpdate = defineUpdate<SteeringAnswer, [Partial<StopRequest>]>('stop');
export const retuneUpdate = defineUpdate<SteeringAnswer, [Partial<RetuneRequest>]>('retune');
export const retryUpdate = defineUpdate<SteeringAnswer, [Partial<RetryRequest>]>('retry');
export const rollbackUpdate = defineUpdate<SteeringAnswer, [Partial<RollbackRequest>]>('rollback');

export const reviewUpdate = defineUpdate<SteeringAnswer, [Partial<ReviewRequest>]>('review');

/** Handed down from campaign to iteration to problem; the whole of it each time, so that order and doubles do not matter. */
export const steerSignal = defineSignal<[Steering]>('steer');
/** From an iteration to its campaign: completion tokens of the iteration so far. */
export const tokensSignal = defineSignal<[{ iteration: number; tokens: number }]>('tokens');
/** Selections that wait for a person, and those decided about in this iteration; in a pause their deadlines stand still. */
export const reviewsQuery = defineQuery<ReviewQueue & { standsStill: boolean }>('reviews');
/** From an iteration to its campaign: a selection that a person should look at. */
export const doubtfulSignal = defineSignal<[Doubtful]>('doubtful');
/** From a campaign to its iteration: what became of it. */
export const reviewedSignal = defineSignal<[ReviewDecision]>('reviewed');
/** From an iteration to its campaign: problems so far that a fault of ours left unfinished. */
export const failuresSignal = defineSignal<[{ iteration: number; failed: number }]>('failures');
/** From a child to its campaign, now and then: how far the stage is. */
export const stageProgress = defineSignal<[ToldProgress]>('stageProgress');
/** From the activity that waits for a training job: how far that is. */
export const trainingProgress = defineSignal<[TrainingProgress]>(TRAINING_PROGRESS);
