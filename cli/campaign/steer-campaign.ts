/** Sends an update to a campaign and turns its refusal into an error that a person reads. */
import {
  type Client,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ERROR_TABLE, type ErrorCode, UcoderError } from '../../core/errors.ts';
import type { SteeringAnswer } from '../../workflows/steering.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';

/** A worker answers in a moment; this long it may be busy, or just being restarted. */
const PATIENCE_MS = 60_000;

/** Thrown: campaign-unknown, service-unavailable where no worker answers, and what the campaign refuses with. */
export const steerCampaign = async (
  client: Client,
  campaignId: string,
  update: string,
  request: object,
  patienceMs = PATIENCE_MS,
): Promise<SteeringAnswer> => {
  const handle = client.workflow.getHandle(workflowIds.campaign(campaignId));
  try {
    return await client.withDeadline(Date.now() + patienceMs, () =>
      handle.executeUpdate<SteeringAnswer, [object]>(update, { args: [request] }),
    );
  } catch (thrown) {
    if (thrown instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
      throw new UcoderError(
        'service-unavailable',
        `Campaign ${campaignId} did not answer within ${patienceMs / 1000} s: no worker takes its requests. Ask again when one runs; asking twice does no harm.`,
        { cause: thrown },
      );
    if (thrown instanceof WorkflowNotFoundError)
      throw new UcoderError('campaign-unknown', `No campaign ${campaignId} is running.`, { cause: thrown });
    if (!(thrown instanceof WorkflowUpdateFailedError) || !(thrown.cause instanceof ApplicationFailure))
      throw thrown;
    const { type, message } = thrown.cause;
    const code = type && type in ERROR_TABLE ? (type as ErrorCode) : 'internal';
    throw new UcoderError(code, message, { cause: thrown });
  }
};
