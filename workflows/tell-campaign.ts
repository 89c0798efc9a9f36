/** What an iteration tells of itself: on its page, and to its campaign. */
import { getExternalWorkflowHandle, patched } from '@temporalio/workflow';
import type { IterationInput } from './iteration-input.ts';
import { describeIteration, iterationProgress } from './iteration-progress.ts';
import { failuresOfOurs, type IterationState } from './iteration-state.ts';
import { failuresSignal, tokensSignal } from './messages.ts';
import type { Steering } from './steering.ts';
import { tellProgress } from './tell-progress.ts';
import { workflowIds } from './workflow-ids.ts';

/** Failures that the campaign is told of one by one. */
const FAILURES_TOLD = 8;

/** What a person and the campaign see after each event. */
export const tellCampaign = async (
  input: IterationInput,
  state: IterationState,
  now: Steering,
): Promise<void> => {
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
export const tellFailures = async ({ context }: IterationInput, state: IterationState): Promise<void> => {
  const failed = failuresOfOurs(state);
  const { toldFailures = 0 } = state;
  if (toldFailures >= FAILURES_TOLD && failed < toldFailures * 1.25 && patched('tells-failures-in-steps'))
    return;
  state.toldFailures = failed;
  await getExternalWorkflowHandle(workflowIds.campaign(context.campaignId))
    .signal(failuresSignal, { iteration: context.iteration, failed })
    .catch(() => undefined); // An iteration without a campaign: a test's.
};
