/** One iteration up to its selections: problems are proposed and judged, then a sliding window solves them. */

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { campaignStore, model, selection } from './activity-proxies.ts';
import { historyIsLong } from './history-limits.ts';
import { emptyIterationState, type IterationState, recordOutcome } from './iteration-state.ts';
import { problemFinished, progressQuery } from './messages.ts';
import { problem } from './problem.ts';
import { addCounts, addMeasures } from './stage-totals.ts';
import { workflowIds } from './workflow-ids.ts';

export type IterationInput = {
  context: ModelStepContext;
  config: CampaignConfig;
  /** The iteration whose problems are held out for validation, where there is one. */
  heldoutIteration: number | null;
  /** Carried from run to run. */
  state?: IterationState;
};

/** Ids of accepted problems that are fetched, and carried, at once. */
const PAGE = 500;

export async function iteration(input: IterationInput): Promise<IterationState> {
  const state = input.state ?? emptyIterationState(Date.now());
  setHandler(progressQuery, () => ({
    iteration: input.context.iteration,
    stage: state.phase,
    done: state.phase === 'propose' ? Math.min(state.accepted, input.config.problems.count) : state.finished,
    total: state.phase === 'propose' ? input.config.problems.count : state.total,
    since: state.since,
    waitingFor: null,
  }));
  setHandler(problemFinished, (outcome) => recordOutcome(state, outcome));

  if (state.phase === 'propose') {
    if (!(await proposeUntilEnough(input, state))) return handOver(input, state);
    const gathered = await campaignStore.gatherProblems({
      ...input.context,
      batches: state.batches,
      limit: input.config.problems.count,
      heldoutIteration: input.heldoutIteration,
    });
    state.duplicates = gathered.duplicates;
    state.total = gathered.accepted;
    state.phase = 'solve';
    state.since = Date.now();
  }
  const complete = await solveAll(input, state);
  if (!complete) return handOver(input, state);
  await condition(allHandlersFinished);
  await campaignStore.gatherResults(input.context);
  state.consensus = await selection.summariseConsensus(input.context);
  return state;
}

/** The history grows long: the open children outlive this run and report to its successor, which has the same id. */
const handOver = async (input: IterationInput, state: IterationState): Promise<never> => {
  await condition(allHandlersFinished);
  return continueAsNew<typeof iteration>({ ...input, state });
};

/** False where the history grows long before there are enough. */
const proposeUntilEnough = async (
  { context, config }: IterationInput,
  state: IterationState,
): Promise<boolean> => {
  const { count, minScore, refine, batch } = config.problems;
  const maxProposals = config.problems.maxProposals ?? 3 * count;
  while (state.accepted < count && state.asked < maxProposals) {
    if (historyIsLong()) return false;
    const size = Math.min(batch, maxProposals - state.asked);
    const step = { ...context, batch: state.batches };
    const summary = `batch ${state.batches + 1}`;
    const proposed = await model.proposeProblems.executeWithOptions({ summary }, [
      { ...step, firstIndex: state.asked, count: size },
    ]);
    const judged = await model.judgeProblems.executeWithOptions({ summary }, [{ ...step, minScore, refine }]);
    state.batches += 1;
    state.asked += size;
    state.proposed += proposed.proposed;
    state.accepted += judged.accepted;
    state.refined += judged.refined;
    addCounts(state.discardedProblems, proposed.discarded);
    addCounts(state.discardedProblems, judged.discarded);
    addMeasures(state.stages, 'propose', proposed);
    addMeasures(state.stages, 'judge', judged);
    for (const score of judged.scores) {
      const bin = Math.min(9, Math.floor(score * 10));
      state.scoreBins[bin] = (state.scoreBins[bin] ?? 0) + 1;
    }
  }
  return true;
};

/** Keeps the window full. False where the history grows long. */
const solveAll = async (input: IterationInput, state: IterationState): Promise<boolean> => {
  while (state.finished < state.total) {
    while (state.open.length < input.config.concurrency.problems && state.started < state.total) {
      if (historyIsLong()) return false;
      if (!(await startNext(input, state))) break;
    }
    const before = state.finished;
    await condition(() => state.finished > before);
    if (historyIsLong()) return false;
  }
  return true;
};

/** False where no further id is stored. */
const startNext = async ({ context, config }: IterationInput, state: IterationState): Promise<boolean> => {
  if (state.page.length === 0) {
    state.page = await campaignStore.acceptedPage({ ...context, from: state.started, size: PAGE });
  }
  const problemId = state.page.shift();
  if (problemId === undefined) return false;
  const { tests, candidates, limits, selection } = config;
  const problemIndex = state.started;
  state.started += 1;
  state.open.push(problemId);
  try {
    await startChild(problem, {
      workflowId: workflowIds.problem(context.campaignId, context.iteration, problemId),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${problemId}, problem ${problemIndex + 1} of ${state.total}`,
      args: [
        {
          context,
          problemId,
          problemIndex,
          policy: { tests, candidates, limits, selection },
          reportTo: workflowInfo().workflowId,
        },
      ],
    });
  } catch (thrown) {
    // It outlived an iteration that failed, and reports to this one, which has the same id.
    if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
  }
  return true;
};
