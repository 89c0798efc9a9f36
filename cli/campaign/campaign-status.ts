/** How a campaign does, as `ucoder status` tells it, and why it waits where nothing moves. */
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { openWorkflows } from '../../activities/campaign/open-workflows.ts';
import { type PendingStep, pendingSteps } from '../../activities/campaign/pending-steps.ts';
import { UcoderError } from '../../core/errors.ts';
import type { CampaignState } from '../../core/report/report.ts';
import { progressQuery } from '../../workflows/messages.ts';
import type { Progress } from '../../workflows/progress.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { campaignEnd } from './campaign-end.ts';
import { serverHolder } from './server-holder.ts';
import { withTrainingStep } from './training-step.ts';
import { waitingFor, whyNoAnswer } from './waiting-for.ts';

export type CampaignStatus = {
  id: string;
  state: CampaignState;
  iteration: number;
  stage: string;
  done: number;
  total: number;
  /** What else is told of the stage, as `loss 0.52`; absent where nothing is. */
  note?: string;
  /** One sentence where nothing moves. */
  waitingFor: string | null;
  /** Selections about which a person has not decided; absent where there are none. */
  reviews?: number;
  /** At the pace so far; null where nothing tells yet. */
  secondsLeft: number | null;
  /** Until the last iteration that the settings allow. */
  secondsLeftAtMost: number | null;
  /** Why it ended; null while it runs. */
  reason: string | null;
  /** The steps that its workflows wait for. */
  pending: PendingStep[];
};

const STATES: Record<string, CampaignState> = {
  RUNNING: 'running',
  CONTINUED_AS_NEW: 'running',
  PAUSED: 'paused',
  COMPLETED: 'completed',
  CANCELLED: 'stopped',
  TERMINATED: 'stopped',
};

/** As the server knows it: to Temporal a campaign that is paused runs, and one that a person stopped is complete. */
export const stateOf = ({
  status,
  typedSearchAttributes,
}: Pick<WorkflowExecutionDescription, 'status' | 'typedSearchAttributes'>): CampaignState => {
  const state = STATES[status.name] ?? 'failed';
  const told = typedSearchAttributes.get(searchAttributes.state);
  if (state === 'running' && told === 'paused') return 'paused';
  return state === 'completed' && told === 'stopped' ? 'stopped' : state;
};

/** How long a worker may take to answer a query before it counts as absent. */
const QUERY_DEADLINE_MS = 5000;

/** Steps that are listed; a campaign of hundreds of problems has as many. */
const LISTED_STEPS = 20;

/** Thrown: campaign-unknown. */
export const campaignStatus = async (client: Client, campaignId: string): Promise<CampaignStatus> => {
  const description = await describe(client, campaignId);
  const state = stateOf(description);
  const told = await currentProgress(client, campaignId);
  if (state !== 'running' && state !== 'paused') {
    const reason = await campaignEnd(client, campaignId);
    return {
      ...placeOf(campaignId, told ?? rememberedProgress(description)),
      ...ENDED,
      state,
      stage: state,
      reason,
    };
  }
  const open = await openWorkflows(client, description, LISTED_STEPS);
  const progress = withTrainingStep(told, open);
  const known = progress ?? rememberedProgress(description);
  const steps = pendingSteps(open, Date.now());
  const isPaused = progress ? Boolean(progress.paused) : state === 'paused';
  return {
    ...placeOf(campaignId, known),
    state: isPaused ? 'paused' : 'running',
    stage: known.stage,
    waitingFor: progress
      ? (ownReason(campaignId, progress) ??
        (await leaseReason(client, campaignId, progress)) ??
        (await waitingFor(client, open, steps)))
      : await whyNoAnswer(client, description),
    secondsLeft: isPaused ? null : seconds(progress?.msLeft),
    secondsLeftAtMost: isPaused ? null : seconds(progress?.campaignMsLeft),
    reason: null,
    pending: steps.slice(0, LISTED_STEPS),
    ...(progress?.note ? { note: progress.note } : {}),
    ...(progress?.reviews ? { reviews: progress.reviews } : {}),
  };
};

const placeOf = (id: string, { iteration, done, total }: Pick<Progress, 'iteration' | 'done' | 'total'>) => ({
  ...{ id, iteration, done, total },
});

const ENDED = { waitingFor: null, secondsLeft: null, secondsLeftAtMost: null, pending: [] };

const seconds = (ms: number | null | undefined): number | null =>
  typeof ms === 'number' ? Math.round(ms / 1000) : null;

/** Who holds it, and what lets it go on. */
const ownReason = (campaignId: string, { paused }: Progress): string | null => {
  if (!paused) return null;
  const why = (paused.reason || 'no reason given').replace(/\.$/, '');
  const raise = paused.by === 'budget' ? `npx ucoder retune ${campaignId} --set budget.…, then ` : '';
  return `paused by ${paused.by}: ${why}; ${raise}npx ucoder resume ${campaignId}`;
};

const leaseReason = async (
  client: Client,
  campaignId: string,
  progress: Progress,
): Promise<string | null> => {
  if (progress.waitingFor === null) return null;
  const holder = await serverHolder(client, campaignId);
  return holder === undefined ? progress.waitingFor : `${progress.waitingFor}: ${holder}`;
};

/** What the server itself knows where no worker answers. */
const rememberedProgress = ({ typedSearchAttributes: known }: WorkflowExecutionDescription) => ({
  iteration: known.get(searchAttributes.iteration) ?? 0,
  stage: known.get(searchAttributes.stage) ?? 'unknown',
  ...{ done: 0, total: 0 },
});

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
  if (!child) return campaign;
  // An evaluation may measure an earlier model than the iteration at hand; and both may know why nothing moves.
  const known = { iteration: campaign.iteration, waitingFor: child.waitingFor ?? campaign.waitingFor };
  return { ...campaign, ...child, ...known };
};

const describe = async (client: Client, campaignId: string): Promise<WorkflowExecutionDescription> => {
  try {
    return await client.workflow.getHandle(workflowIds.campaign(campaignId)).describe();
  } catch (thrown) {
    if (!(thrown instanceof WorkflowNotFoundError)) throw thrown;
    throw new UcoderError('campaign-unknown', `There is no campaign ${campaignId}.`, { cause: thrown });
  }
};
