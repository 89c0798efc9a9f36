/** One iteration up to its selections: problems are proposed and judged, then a sliding window solves them. */

import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  setHandler,
} from '@temporalio/workflow';
import { benchmarksOf } from '../core/config/campaign-config.ts';
import { campaignStore, curriculum, selection } from './activity-proxies.ts';
import { acceptReviews, askForReview, awaitReviews } from './await-reviews.ts';
import type { IterationInput } from './iteration-input.ts';
import { describeIteration, iterationProgress } from './iteration-progress.ts';
import {
  emptyIterationState,
  failuresOfOurs,
  type IterationState,
  planOf,
  recordOutcome,
} from './iteration-state.ts';
import { watchUnheard } from './lost-problems.ts';
import { problemFailed, problemFinished, progressQuery } from './messages.ts';
import { notePause } from './pause-clock.ts';
import type { ProblemOutcome } from './problem-outcome.ts';
import { proposeUntilEnough } from './propose-until-enough.ts';
import { awaitedProblems, solveAll, steerProblem } from './solve-problems.ts';
import { addMeasures } from './stage-totals.ts';
import { type Steered, steered } from './steered.ts';
import { tellCampaign, tellFailures } from './tell-campaign.ts';

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
  const ended = async (outcome: ProblemOutcome): Promise<void> => {
    const failed = failuresOfOurs(state);
    if (recordOutcome(state, outcome)) await askForReview(input, state, outcome);
    if (failuresOfOurs(state) > failed && patched('tells-failures')) await tellFailures(input, state);
    await tellCampaign(input, state, steering.now);
  };
  setHandler(problemFinished, ended);
  setHandler(problemFailed, (fault) => {
    // One that is not in progress outlived an earlier iteration of this id, and is started anew.
    if (state.open.includes(fault.problemId)) state.fault ??= fault;
  });
  describe();

  // Once, with the settings of the beginning: a change of them holds for the next iteration.
  if (!input.state) await planCurriculum(input, state);
  if (state.phase === 'propose') {
    const enough = await proposeUntilEnough(input, state, steering, () =>
      tellCampaign(input, state, steering.now),
    );
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
  const problems = awaitedProblems(input, state, ended);
  void watchUnheard(problems.unheard, problems).catch(unlessCancelled);
  const complete = await solveAll(input, state, steering, problems);
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

const unlessCancelled = (thrown: unknown): void => {
  if (!isCancellation(thrown)) throw thrown;
};
