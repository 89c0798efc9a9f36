/** How a campaign does, as `ucoder status` tells it, and why it waits where nothing moves. */
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { UcoderError } from '../../core/errors.ts';
import type { CampaignState } from '../../core/report/report.ts';
import { progressQuery } from '../../workflows/messages.ts';
import type { Progress } from '../../workflows/progress.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { waitingFor } from './waiting-for.ts';

export type CampaignStatus = {
  id: string;
  state: CampaignState;
  iteration: number;
  stage: string;
  done: number;
  total: number;
  waitingFor: string | null;
  /** Selections about which a person has not decided; absent where there are none. */
  reviews?: number;
};

const STATES: Record<string, CampaignState> = {
  RUNNING: 'running',
  CONTINUED_AS_NEW: 'running',
  PAUSED: 'paused',
  COMPLETED: 'completed',
  CANCELLED: 'stopped',
  TERMINATED: 'stopped',
};

export const stateOf = (status: string): CampaignState => STATES[status] ?? 'failed';

/** How long a worker may take to answer a query before it counts as absent. */
const QUERY_DEADLINE_MS = 5000;

/** Thrown: campaign-unknown. */
export const campaignStatus = async (client: Client, campaignId: string): Promise<CampaignStatus> => {
  const description = await describe(client, campaignId);
  const state = stateOf(description.status.name);
  const progress = await currentProgress(client, campaignId);
  const nothing = { iteration: 0, stage: 'unknown', done: 0, total: 0 };
  const { iteration, stage, done, total } = progress ?? nothing;
  if (state !== 'running')
    return { id: campaignId, state, iteration, stage: state, done, total, waitingFor: null };
  const wait = progress === undefined ? 'no worker answers; see npx ucoder ps' : progress.waitingFor;
  const paused = progress?.paused;
  return {
    id: campaignId,
    state: paused ? 'paused' : state,
    iteration,
    stage,
    done,
    total,
    waitingFor: paused
      ? `paused by ${paused.by}: ${paused.reason || 'no reason given'}; npx ucoder resume ${campaignId}`
      : (wait ?? (await waitingFor(client, description))),
    ...(progress?.reviews ? { reviews: progress.reviews } : {}),
  };
};

/** The campaign’s progress, or that of the child which knows more; undefined where no worker answers. */
export const currentProgress = async (client: Client, campaignId: string): Promise<Progress | undefined> => {
  const ask = (workflowId: string): Promise<Progress | undefined> =>
    client
      .withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
        client.workflow.getHandle(workflowId).query(progressQuery),
      )
      .catch(() => undefined);
  const campaign = await ask(workflowIds.campaign(campaignId));
  if (campaign?.child === undefined) return campaign;
  const child = await ask(campaign.child);
  // An evaluation may measure an earlier model than the iteration at hand.
  return child ? { ...campaign, ...child, iteration: campaign.iteration } : campaign;
};

const describe = async (client: Client, campaignId: string): Promise<WorkflowExecutionDescription> => {
  try {
    return await client.workflow.getHandle(workflowIds.campaign(campaignId)).describe();
  } catch (thrown) {
    if (!(thrown instanceof WorkflowNotFoundError)) throw thrown;
    throw new UcoderError('campaign-unknown', `There is no campaign ${campaignId}.`, { cause: thrown });
  }
};
