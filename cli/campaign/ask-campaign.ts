/** Asks a campaign’s workflow what it knows. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { UcoderError } from '../../core/errors.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';

/** A worker answers in a moment; without one nobody does. */
const PATIENCE_MS = 10_000;

/** Thrown: campaign-unknown. */
export const askCampaign = async <T>(
  client: Client,
  campaignId: string,
  query: QueryDefinition<T>,
): Promise<T> => {
  try {
    return await client.withDeadline(Date.now() + PATIENCE_MS, () =>
      client.workflow.getHandle(workflowIds.campaign(campaignId)).query(query),
    );
  } catch (thrown) {
    if (!(thrown instanceof WorkflowNotFoundError)) throw thrown;
    throw new UcoderError('campaign-unknown', `There is no campaign ${campaignId}.`, { cause: thrown });
  }
};
