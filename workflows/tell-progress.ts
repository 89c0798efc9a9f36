/**
 * A child tells its campaign how far it is, so that the campaign’s own page says it. A message costs both histories
 * some events, so a stage sends at most twenty, however many units it has; the child’s own page is exact.
 */
import { getExternalWorkflowHandle, patched, workflowInfo } from '@temporalio/workflow';
import { stageProgress } from './messages.ts';
import type { ToldProgress } from './progress.ts';
import { workflowIds } from './workflow-ids.ts';

const TELLINGS = 20;

/** `told`: the twentieths of the stage that were told, carried by the caller. */
export const tellProgress = async (
  campaignId: string,
  carried: { told?: number },
  progress: Omit<ToldProgress, 'child'>,
): Promise<void> => {
  const { stage, done, total, msLeft } = progress;
  const reached = total > 0 ? Math.floor((done * TELLINGS) / total) : 0;
  if (reached <= (carried.told ?? 0) || !patched('tells-progress')) return;
  carried.told = reached;
  await getExternalWorkflowHandle(workflowIds.campaign(campaignId))
    .signal(stageProgress, { child: workflowInfo().workflowId, stage, done, total, msLeft })
    .catch(() => undefined); // A child without a campaign: a test's.
};
