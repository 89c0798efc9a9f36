/** One iteration up to its selections: problems are proposed and judged, then a sliding window solves them. */

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  patched,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { CurriculumHistory } from '../core/campaign/curriculum-history.ts';
import { benchmarksOf, type CampaignConfig } from '../core/config/campaign-config.ts';
import { campaignStore, curriculum, selection } from './activity-proxies.ts';
import { acceptReviews, askForReview, awaitReviews } from './await-reviews.ts';
import { historyIsLong } from './history-limits.ts';
import { describeIteration, iterationProgress } from './iteration-progress.ts';
import {
  emptyIterationState,
  failuresOfOurs,
  type IterationState,
  planOf,
  recordOutcome,
} from './iteration-state.ts';
import {
  failuresSignal,
  problemFailed,
  problemFinished,
  progressQuery,
  steerSignal,
  tokensSignal,
} from './messages.ts';
import { notePause } from './pause-clock.ts';
import { problem } from './problem.ts';
import type { CommonFault } from './problem-outcome.ts';
import { proposeUntilEnough } from './propose-until-enough.ts';
import { addMeasures } from './stage-totals.ts';
import { isEnding, type Steered, steered } from './steered.ts';
import type { Steering } from './steering.ts';
import { tellProgress } from './tell-progress.ts';
import { workflowIds } from './workflow-ids.ts';

export type IterationInput = {
  context: ModelStepContext;
  config: CampaignConfig;
  /** The iteration whose problems are held out for validation, where there is one. */
  heldoutIteration: number | null;
  /** What a curriculum looks back on; without it, on all earlier iterations. */
  history?: CurriculumHistory;
  /** Completion tokens of the campaign before this iteration. */
  tokensBefore?: number;
  /** As it was when the iteration started, or when the run before handed over. */
  steering?: Steering;
  /** Carried from run to run. */
  state?: IterationState;
};

/** Failures that the campaign is told of one by one. */
const FAILURES_TOLD = 8;

/** Ids of accepted problems that are fetched, and carried, at once. */
const PAGE = 500;

export async function iteration(given: IterationInput): Promise<IterationState> {
  const input = { ...given };
  const state = input.state ?? emptyIterationState(Date.now());
  const steering = steered(input.steering, async (now) => {
    if (now.config) input.config = now.config;
    notePause(state, now.paused);
    describe();
    await Promise.all(state.open.map((problemId) => steerProblem(input, problemId, now)));
  });
  const describe = () => describeIteration(input, state, steering.now);
  setHandler(progressQuery, () => iterationProgress(input, state));
  acceptReviews(state);
  setHandler(problemFinished, async (outcome) => {
    const failed = failuresOfOurs(state);
    if (recordOutcome(state, outcome)) await askForReview(input, state, outcome);
    if (failuresOfOurs(state) > failed && patched('tells-failures')) await tellFailures(input, state);
    await told(input, state, steering.now);
  });
  setHandler(problemFailed, (fault) => {
    // One that is not in progress outlived an earlier iteration of this id, and is started anew.
    if (state.open.includes(fault.problemId)) state.fault ??= fault;
  });
  describe();

  // Once, with the settings of the beginning: a change of them holds for the next iteration.
  if (!input.state) await planCurriculum(input, state);
  if (state.phase === 'propose') {
    const enough = await proposeUntilEnough(input, state, steering, () => told(input, state, steering.now));
    if (!enough) return handOver(input, state, steering);
    const gathered = await campaignStore.gatherProblems({
      ...input.context,
      batches: state.batches,
      limit: input.config.problems.count,
      similarity: input.config.problems.similarity,
      heldoutIteration: input.heldoutIteration,
      benchmarks: benchmarksOf(input.config),
      ...planOf(state),
    });
    addMeasures(state.stages, 'gather', gathered);
    state.duplicates = gathered.duplicates;
    state.nearDuplicates = gathered.nearDuplicates;
    state.contaminated = gathered.contaminated;
    state.total = gathered.accepted;
    state.phase = 'solve';
    state.since = Date.now();
    delete state.pausedAt;
    state.told = 0;
    notePause(state, steering.now.paused);
    describe();
  }
  const complete = await solveAll(input, state, steering);
  if (!complete) return handOver(input, state, steering);
  await condition(allHandlersFinished);
  await awaitReviews(input, state, steering);
  const { reviews = [] } = state;
  addMeasures(
    state.stages,
    'gather',
    await campaignStore.gatherResults({
      ...input.context,
      ...(reviews.length > 0 ? { reviews } : {}),
      ...(state.unasked ? { unasked: true } : {}),
    }),
  );
  const { seconds, ...consensus } = await selection.summariseConsensus(input.context);
  addMeasures(state.stages, 'gather', { seconds });
  state.consensus = consensus;
  if (state.curriculum) {
    const { minimum: minimumTests } = input.config.tests;
    const { plan } = state.curriculum;
    const summary = await curriculum.summariseCurriculum({ ...input.context, plan, minimumTests });
    addMeasures(state.stages, 'gather', summary);
    state.curriculum.record = summary.record;
  }
  return state;
}

/**
 * Nothing where this iteration began without a curriculum. One that began with it keeps its plan: its proposals were
 * made by it, even if the curriculum was switched off before the iteration was tried again.
 */
const planCurriculum = async (
  { context, config, history }: IterationInput,
  state: IterationState,
): Promise<void> => {
  const { curriculum: settings, count } = config.problems;
  if (!settings) {
    const begun = patched('keeps-curriculum') ? await curriculum.findCurriculum(context) : null;
    if (begun) state.curriculum = begun;
    return;
  }
  if (!patched('curriculum')) return;
  const earlier = Array.from({ length: context.iteration - 1 }, (_, index) => index + 1);
  const { step, measuredIn } = history ?? { step: earlier.length, measuredIn: earlier };
  const { minimum: minimumTests } = config.tests;
  const planned = await curriculum.planCurriculum({
    ...context,
    ...{ settings, count, step, measuredIn, minimumTests },
  });
  if (!planned) return;
  const { seconds, ...kept } = planned;
  addMeasures(state.stages, 'gather', { seconds });
  state.curriculum = kept;
};

/** The history grows long: the open children outlive this run and report to its successor, which has the same id. */
const handOver = async (input: IterationInput, state: IterationState, { now }: Steered): Promise<never> => {
  await condition(allHandlersFinished);
  return continueAsNew<typeof iteration>({ ...input, steering: now, state });
};

/** Keeps the window full, unless the campaign is held or ends. False where the history grows long. */
const solveAll = async (input: IterationInput, state: IterationState, { now }: Steered): Promise<boolean> => {
  while (state.finished < state.total) {
    if (state.fault) throw await commonFault(state.fault);
    if (isEnding(now) && state.open.length === 0) return true;
    while (!now.paused && !isEnding(now) && hasRoom(input, state)) {
      if (historyIsLong()) return false;
      if (!(await startNext(input, state, now))) break;
    }
    const [before, { sequence }] = [state.finished, now];
    if (isEnding(now) && state.open.length === 0) continue;
    // Where steps come late, the last problem may have ended while its start was waited for.
    if (state.finished >= state.total && patched('sees-the-last-end')) continue;
    await condition(() => state.finished > before || now.sequence !== sequence || state.fault !== undefined);
    if (historyIsLong()) return false;
  }
  return true;
};

const commonFault = async ({ problemId, message, type }: CommonFault): Promise<ApplicationFailure> => {
  await condition(allHandlersFinished);
  return ApplicationFailure.create({ message: `${problemId}: ${message}`, type, nonRetryable: true });
};

const hasRoom = ({ config }: IterationInput, { open, started, total }: IterationState): boolean =>
  open.length < config.concurrency.problems && started < total;

const problemSteering = ({ sequence, paused, stop }: Steering): Steering => {
  const era = workflowInfo().startTime.getTime();
  return { era, sequence, paused, stop };
};

const steerProblem = async ({ context }: IterationInput, problemId: string, now: Steering): Promise<void> => {
  const id = workflowIds.problem(context.campaignId, context.iteration, problemId, context.revisions);
  await getExternalWorkflowHandle(id)
    .signal(steerSignal, problemSteering(now))
    .catch(() => undefined); // It ended in the meantime, or starts and is told then.
};

/** What a person and the campaign see after each event. */
const told = async (input: IterationInput, state: IterationState, now: Steering): Promise<void> => {
  describeIteration(input, state, now);
  await tellProgress(input.context.campaignId, state, iterationProgress(input, state));
  await tellTokens(input, state);
};

/** Once for each limit: the campaign decides what follows. */
const tellTokens = async (
  { context, config, tokensBefore = 0 }: IterationInput,
  state: IterationState,
): Promise<void> => {
  const limit = config.budget.tokens;
  if (limit === undefined || state.toldLimit === limit) return;
  const tokens = Object.values(state.stages).reduce((sum, stage) => sum + stage.tokens, 0);
  if (tokensBefore + tokens < limit) return;
  state.toldLimit = limit;
  await getExternalWorkflowHandle(workflowIds.campaign(context.campaignId))
    .signal(tokensSignal, { iteration: context.iteration, tokens })
    .catch(() => undefined); // An iteration without a campaign: a test's.
};

/**
 * So that a person may ask for them again: each of the first, then each time that a quarter more failed. Where thousands
 * fail, the campaign would know them from thousands of messages else.
 */
const tellFailures = async ({ context }: IterationInput, state: IterationState): Promise<void> => {
  const failed = failuresOfOurs(state);
  const { toldFailures = 0 } = state;
  if (toldFailures >= FAILURES_TOLD && failed < toldFailures * 1.25 && patched('tells-failures-in-steps'))
    return;
  state.toldFailures = failed;
  await getExternalWorkflowHandle(workflowIds.campaign(context.campaignId))
    .signal(failuresSignal, { iteration: context.iteration, failed })
    .catch(() => undefined); // An iteration without a campaign: a test's.
};

/** False where no further id is stored. */
const startNext = async (input: IterationInput, state: IterationState, now: Steering): Promise<boolean> => {
  const { context } = input;
  if (state.page.length === 0) {
    state.page = await campaignStore.acceptedPage({ ...context, from: state.started, size: PAGE });
  }
  const problemId = state.page.shift();
  if (problemId === undefined) return false;
  const { tests, candidates, limits, selection } = input.config;
  const { sequence } = now;
  const problemIndex = state.started;
  state.started += 1;
  state.open.push(problemId);
  try {
    await startChild(problem, {
      workflowId: workflowIds.problem(context.campaignId, context.iteration, problemId, context.revisions),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${problemId}, problem ${problemIndex + 1} of ${state.total}`,
      args: [
        {
          context,
          problemId,
          problemIndex,
          policy: { tests, candidates, limits, selection },
          reportTo: workflowInfo().workflowId,
          steering: problemSteering(now),
        },
      ],
    });
  } catch (thrown) {
    // It outlived an iteration that failed, and reports to this one, which has the same id.
    if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
    // What held it then holds it no longer.
    if (patched('steers-survivors')) await steerProblem(input, problemId, now);
  }
  if (now.sequence !== sequence) await steerProblem(input, problemId, now);
  return true;
};
