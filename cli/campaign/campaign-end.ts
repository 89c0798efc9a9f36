/** Why a campaign ended, in one sentence: its own reason, or the fault that it failed with. */
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { workflowIds } from '../../workflows/workflow-ids.ts';

export const campaignEnd = async (client: Client, campaignId: string): Promise<string> => {
  try {
    return reasonOf(await client.workflow.getHandle(workflowIds.campaign(campaignId)).result());
  } catch (thrown) {
    if (!(thrown instanceof WorkflowFailedError)) throw thrown;
    return innermost(thrown).split('\n')[0]?.slice(0, 300) ?? '';
  }
};

const reasonOf = (outcome: unknown): string =>
  typeof outcome === 'object' && outcome !== null && 'reason' in outcome ? String(outcome.reason) : '';

/** The last of the causes is what went wrong; those around it say where. */
const innermost = (error: Error): string =>
  error.cause instanceof Error ? innermost(error.cause) : error.message;
