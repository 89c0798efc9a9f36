/** A campaign's side of the lease of its model server (see server-lease.ts). */
import { condition, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { lease } from './activity-proxies.ts';
import { type CampaignInput, type CampaignState, describe } from './campaign-state.ts';
import { releaseLease } from './messages.ts';
import { workflowIds } from './workflow-ids.ts';

/** Waits for the lease of the model server. A request whose grant was lost is made again. */
export const holdServer = async ({ server }: CampaignInput, state: CampaignState): Promise<void> => {
  while (!state.holdsServer) {
    await lease.askForServer({ leaseId: workflowIds.serverLease(server), holder: workflowInfo().workflowId });
    state.progress.waitingFor = 'another campaign holds the model server';
    describe(state);
    await condition(() => state.holdsServer, '10 minutes');
  }
  state.progress.waitingFor = null;
};

export const giveBackServer = async ({ server }: CampaignInput): Promise<void> => {
  await getExternalWorkflowHandle(workflowIds.serverLease(server))
    .signal(releaseLease, { holder: workflowInfo().workflowId })
    .catch(() => undefined); // The lease ended, or was terminated: there is nothing to give back.
};
