/**
 * The whole campaign: the base model is measured, then iteration after iteration makes problems, selects,
 * trains and validates, until validation stops improving. One iteration a run; continue-as-new between them
 * carries `CampaignState`, which is small, because all data lies in the bucket.
 */
import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { type BestIteration, decideNext, type NextStep } from '../core/campaign/decide-next.ts';
import { toArchive } from '../core/report/iteration-brief.ts';
import type { IterationRecord } from '../core/report/iteration-record.ts';
import { report } from './activity-proxies.ts';
import { archiveRecords, recordAtHand } from './archive.ts';
import { auditStored, storeAudit, watchAudit } from './audit-trail.ts';
import {
  type CampaignInput,
  type CampaignState,
  campaignMsLeft,
  describe,
  emptyCampaignState,
  enter,
  iterationsOf,
  madeIterations,
  openIteration,
  scores,
  show,
  toldStanding,
} from './campaign-state.ts';
import { giveBackServer, HANDS_OVER_WAITING, holdServer } from './hold-server.ts';
import { improve } from './improve.ts';
import { measure } from './measure.ts';
import {
  failuresSignal,
  leaseGranted,
  progressQuery,
  reportQuery,
  stageProgress,
  tokensSignal,
} from './messages.ts';
import { watchServer } from './rest-server.ts';
import { beginRetry } from './retry-iteration.ts';
import { queueReviews, reviewsOf, watchReviews } from './review-queue.ts';
import { searchAttributes } from './search-attributes.ts';
import { serve } from './serve.ts';
import { SteeredCampaign } from './steer-campaign.ts';
import { watchBudget } from './watch-budget.ts';
import { workedMs } from './work-clock.ts';

export type CampaignOutcome = { best: BestIteration; reason: string };

export async function campaign(given: CampaignInput): Promise<CampaignOutcome> {
  const { audit: _, standing: __, ...input } = given;
  const state = input.state ?? emptyCampaignState(Date.now(), given);
  state.maxIterations = input.config.iterations.max;
  setHandler(progressQuery, () => ({
    ...state.progress,
    ...{ paused: state.paused, stopping: state.stop, reviews: reviewsOf(state).waiting.length },
    campaignMsLeft: campaignMsLeft(state),
  }));
  setHandler(stageProgress, (told) => {
    state.told = told;
    describe(state);
  });
  queueReviews(input, state);
  setHandler(reportQuery, () => reportOf(input, state));
  setHandler(tokensSignal, (told) => {
    state.openTokens = told;
  });
  setHandler(failuresSignal, (told) => {
    state.openFailed = told;
    show(state);
  });
  const steered = new SteeredCampaign(input, state);
  setHandler(leaseGranted, () => {
    state.holdsServer = true;
  });
  let open = openIteration(state);
  try {
    const beside = [
      watchBudget(input, state, steered),
      watchServer(input, state, () => steered.tell()),
      watchReviews(input, state),
      watchAudit(input, state),
    ];
    for (const watch of beside)
      void watch.catch((thrown: unknown) => {
        if (!isCancellation(thrown)) throw thrown;
      });
    // A rollback that cuts the waiting short needs the server all the same.
    while (!(await steered.run(() => holdServer(input, state))) && !state.stop && !state.retry);
    await beginRetry(input, state);
    open = openIteration(state);
    const next = nextStep(input, state);
    // One that waited for days for its turn hands over first: its history grew long meanwhile.
    const waitsOn = next.continue && !state.holdsServer && patched(HANDS_OVER_WAITING);
    if (next.continue && !waitsOn) {
      const repeats = state.retry;
      await steered.run(() =>
        madeIterations(state) === 0 ? measureBase(input, state) : improve(input, state, next.from),
      );
      if (state.retry === repeats) state.retry = undefined;
      state.ends = [...(state.ends ?? []), workedMs(state.worked)];
    } else if (!waitsOn) {
      const outcome = await finish(input, state, next);
      if (outcome) return outcome;
    }
    if (!waitsOn) await settle(input, state);
    await storeAudit(input, state);
    await condition(allHandlersFinished);
  } catch (thrown) {
    steered.close();
    await CancellationScope.nonCancellable(() => giveBackServer(input));
    const word = isCancellation(thrown) ? 'stopped' : 'failed';
    upsertSearchAttributes([{ key: searchAttributes.state, value: word }]);
    if (word === 'failed' && patched('reports-failure')) await reportFailure(input, state, open);
    throw thrown;
  }
  return continueAsNew<typeof campaign>({ ...input, state });
}

/** What is complete is written; records that are needed no longer stay in the bucket. */
const settle = async (input: CampaignInput, state: CampaignState): Promise<void> => {
  await beginRetry(input, state);
  await storeAudit(input, state);
  const lastLine = state.audit.at(-1);
  const written = await report.writeReport({
    ...{ campaignId: input.config.name, ...reportOf(input, state) },
    standing: toldStanding(state, openIteration(state)),
    archive: toArchive(state.records).map(({ n }) => n),
  });
  // A worker of before archives nothing, and keeps no lines apart.
  if (!written) return;
  archiveRecords(state, written.archived);
  auditStored(state, lastLine);
};

/** Where it goes from here; a person who stops it or goes back to a checkpoint has the last word. */
const nextStep = (input: CampaignInput, state: CampaignState): NextStep => {
  const { stop, rollback, retry } = state;
  const next = decideNext(scores(state), input.config.iterations);
  if (stop) {
    const why = stop.reason ? `: ${stop.reason}` : '.';
    return { ...next, continue: false, reason: `Stopped by ${stop.by}${why}` };
  }
  const last = iterationsOf(state).at(-1);
  const since = rollback?.since ?? -1;
  const wentBack = rollback && last && last.n <= since && last.n < input.config.iterations.max;
  const onward: NextStep = wentBack
    ? { ...next, continue: true, from: rollback.to === 0 ? 'base' : { iteration: rollback.to } }
    : next;
  return retry ? { ...onward, continue: true, from: retry.source ?? onward.from } : onward;
};

/** Iteration 0: the base model as it is. */
const measureBase = async (input: CampaignInput, state: CampaignState): Promise<void> => {
  const record: IterationRecord = { n: 0, evaluation: [], stages: {} };
  state.records.push(record);
  const { context } = await serve(input, state, record, 'base', 0);
  await measure(input, state, record, context);
};

/**
 * The end: the best checkpoint is served again, the last report is written, the server is free. Nothing of it, null,
 * where a person wants something done again.
 */
const finish = async (
  input: CampaignInput,
  state: CampaignState,
  { from, best, reason }: NextStep,
): Promise<CampaignOutcome | null> => {
  const { config } = input;
  await recordAtHand(input, state, madeIterations(state) - 1);
  const last = state.records.at(-1);
  if (last && !state.stop) await serve(input, state, last, from, last.n);
  await enter(state, last?.n ?? 0, 'report');
  if (state.retry?.pending) return null;
  state.ended = { best, reason, ...(state.stop ? { stopped: true } : {}) };
  await storeAudit(input, state);
  await report.writeReport({ campaignId: config.name, ...reportOf(input, state) });
  await giveBackServer(input);
  await enter(state, last?.n ?? 0, state.ended.stopped ? 'stopped' : 'completed');
  await condition(allHandlersFinished);
  return { best, reason };
};

/** What is there, with who steered it: the campaign goes on from it where it is started again. */
const reportFailure = async (input: CampaignInput, state: CampaignState, open: number): Promise<void> => {
  const standing = toldStanding(state, open);
  const written = { campaignId: input.config.name, ...reportOf(input, state), standing, failed: true };
  try {
    // A bucket that does not answer holds up nobody who waits for the campaign’s end.
    await report.writeReport.executeWithOptions({ scheduleToCloseTimeout: '5 minutes' }, [written]);
  } catch (thrown) {
    if (!(thrown instanceof ActivityFailure)) throw thrown;
  }
};

const reportOf = (
  { config }: CampaignInput,
  { records, archived, ended, rollback, audit, revisions }: CampaignState,
) => ({
  config,
  records,
  ...(archived ? { archived } : {}),
  ended,
  rollback,
  audit,
  ...(revisions ? { revisions } : {}),
});
