/** A campaign's side of the lease of its model server (see server-lease.ts). */
import { condition, getExternalWorkflowHandle, patched, workflowInfo } from '@temporalio/workflow';
import { lease } from './activity-proxies.ts';
import { type CampaignInput, type CampaignState, describe } from './campaign-state.ts';
import { historyIsLong } from './history-limits.ts';
import { releaseLease } from './messages.ts';
import { workflowIds } from './workflow-ids.ts';

/** Of a campaign that waits for its turn. */
export const HANDS_OVER_WAITING = 'hands-over-waiting';

/**
 * Waits for the lease of the model server. A request whose grant was lost is made again. Without it where the history
 * grew long meanwhile.
 */
export const holdServer = async ({ server }: CampaignInput, state: CampaignState): Promise<void> => {
  if (state.holdsServer) return;
  const handsOver = patched(HANDS_OVER_WAITING);
  const isLong = () => handsOver && historyIsLong();
  while (!state.holdsServer && !isLong()) {
    await lease.askForServer({ leaseId: workflowIds.serverLease(server), holder: workflowInfo().workflowId });
    state.progress.waitingFor = 'another campaign holds the model server';
    describe(state);
    await condition(() => state.holdsServer || isLong(), '10 minutes');
  }
  state.progress.waitingFor = null;
};

export const giveBackServer = async ({ server }: CampaignInput): Promise<void> => {
  await getExternalWorkflowHandle(workflowIds.serverLease(server))
    .signal(releaseLease, { holder: workflowInfo().workflowId })
    .catch(() => undefined); // The lease ended, or was terminated: there is nothing to give back.
};
