/** A child that is steered: what changes while it is being started reaches it as well. */
import { startChild } from '@temporalio/workflow';
import { type CampaignInput, type CampaignState, childSteering } from './campaign-state.ts';
import { steerSignal } from './messages.ts';
import type { Steering } from './steering.ts';

export const runSteeredChild = async <I, R>(
  input: CampaignInput,
  state: CampaignState,
  workflow: (input: I) => Promise<R>,
  options: { workflowId: string; staticSummary: string },
  inputOf: (steering: Steering) => I,
): Promise<R> => {
  const { sequence } = state;
  const handle = await startChild(workflow, { ...options, args: [inputOf(childSteering(input, state))] });
  if (state.sequence !== sequence) {
    await handle.signal(steerSignal, childSteering(input, state)).catch(() => undefined); // It ended already.
  }
  return handle.result();
};
