/** Sends an update to a campaign and turns its refusal into an error that a person reads. */
import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ERROR_TABLE, type ErrorCode, UcoderError } from '../../core/errors.ts';
import type { SteeringAnswer } from '../../workflows/steering.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';

/** Thrown: campaign-unknown, and what the campaign refuses with. */
export const steerCampaign = async (
  client: Client,
  campaignId: string,
  update: string,
  request: object,
): Promise<SteeringAnswer> => {
  const handle = client.workflow.getHandle(workflowIds.campaign(campaignId));
  try {
    return await handle.executeUpdate<SteeringAnswer, [object]>(update, { args: [request] });
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError)
      throw new UcoderError('campaign-unknown', `No campaign ${campaignId} is running.`, { cause: thrown });
    if (!(thrown instanceof WorkflowUpdateFailedError) || !(thrown.cause instanceof ApplicationFailure))
      throw thrown;
    const { type, message } = thrown.cause;
    const code = type && type in ERROR_TABLE ? (type as ErrorCode) : 'internal';
    throw new UcoderError(code, message, { cause: thrown });
  }
};
