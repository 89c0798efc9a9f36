/** The sliding window of an iteration: problems are started as children, steered, and waited for. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  patched,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { campaignStore } from './activity-proxies.ts';
import { historyIsLong } from './history-limits.ts';
import type { IterationInput } from './iteration-input.ts';
import type { IterationState } from './iteration-state.ts';
import { type AwaitedEnds, hearEnd } from './lost-problems.ts';
import { steerSignal } from './messages.ts';
import { problem } from './problem.ts';
import { type CommonFault, emptyOutcome, type ProblemOutcome } from './problem-outcome.ts';
import { isEnding, type Steered } from './steered.ts';
import type { Steering } from './steering.ts';
import { workflowIds } from './workflow-ids.ts';

/** Ids of accepted problems that are fetched, and carried, at once. */
const PAGE = 500;

export type AwaitedProblems = AwaitedEnds & { unheard: Map<string, string> };

/** One that ended by hand counts as a failure of ours: `retry` tries it again. */
export const awaitedProblems = (
  input: IterationInput,
  state: IterationState,
  ended: (outcome: ProblemOutcome) => Promise<void>,
): AwaitedProblems => ({
  unheard: new Map(state.open.map((problemId) => [problemId, problemWorkflow(input, problemId)])),
  isAwaited: (problemId) => state.open.includes(problemId) && state.fault === undefined,
  lost: (problemId) => ended({ ...emptyOutcome(problemId), reason: 'it was ended by hand' }),
});

/** Keeps the window full, unless the campaign is held or ends. False where the history grows long. */
export const solveAll = async (
  input: IterationInput,
  state: IterationState,
  { now }: Steered,
  problems: AwaitedProblems,
): Promise<boolean> => {
  while (state.finished < state.total) {
    if (state.fault) throw await commonFault(state.fault);
    if (isEnding(now) && state.open.length === 0) return true;
    while (!now.paused && !isEnding(now) && hasRoom(input, state)) {
      if (historyIsLong()) return false;
      if (!(await startNext(input, state, now, problems))) break;
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

const problemWorkflow = ({ context }: IterationInput, problemId: string): string =>
  workflowIds.problem(context.campaignId, context.iteration, problemId, context.revisions);

export const steerProblem = async (
  input: IterationInput,
  problemId: string,
  now: Steering,
): Promise<void> => {
  await getExternalWorkflowHandle(problemWorkflow(input, problemId))
    .signal(steerSignal, problemSteering(now))
    .catch(() => undefined); // It ended in the meantime, or starts and is told then.
};

/** False where no further id is stored. */
const startNext = async (
  input: IterationInput,
  state: IterationState,
  now: Steering,
  problems: AwaitedProblems,
): Promise<boolean> => {
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
    const started = await startChild(problem, {
      workflowId: problemWorkflow(input, problemId),
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
    hearEnd(started.result(), problemId, problems);
  } catch (thrown) {
    // It outlived an iteration that failed, and reports to this one, which has the same id.
    if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
    problems.unheard.set(problemId, problemWorkflow(input, problemId));
    // What held it then holds it no longer.
    if (patched('steers-survivors')) await steerProblem(input, problemId, now);
  }
  if (now.sequence !== sequence) await steerProblem(input, problemId, now);
  return true;
};
