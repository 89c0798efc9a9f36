/** One iteration up to its selections: problems are proposed and judged, then a sliding window solves them. */
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
import { campaignStore, model } from './activity-proxies.ts';
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
    await proposeUntilEnough(input, state);
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
  await condition(allHandlersFinished);
  if (!complete) return continueAsNew<typeof iteration>({ ...input, state });
  await campaignStore.gatherResults(input.context);
  return state;
}

const proposeUntilEnough = async (
  { context, config }: IterationInput,
  state: IterationState,
): Promise<void> => {
  const { count, minScore, refine, batch } = config.problems;
  const maxProposals = config.problems.maxProposals ?? 3 * count;
  while (state.accepted < count && state.asked < maxProposals) {
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
};

/** Keeps the window full. False where the history grows long: the open children outlive this run and report to its successor. */
const solveAll = async (input: IterationInput, state: IterationState): Promise<boolean> => {
  const { context, config } = input;
  const { tests, candidates, limits, selection } = config;
  while (state.finished < state.total) {
    while (state.open.length < config.concurrency.problems && state.started < state.total) {
      if (state.page.length === 0) {
        state.page = await campaignStore.acceptedPage({ ...context, from: state.started, size: PAGE });
      }
      const problemId = state.page.shift();
      if (problemId === undefined) break;
      const problemIndex = state.started;
      state.started += 1;
      state.open.push(problemId);
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
    }
    const before = state.finished;
    await condition(() => state.finished > before);
    if (workflowInfo().continueAsNewSuggested) return false;
  }
  return true;
};
