/** Which campaign holds the model server that another one waits for. */
import type { Client } from '@temporalio/client';
import { leaseQuery } from '../../workflows/messages.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';

/** The holder’s name; undefined where no lease answers. */
export const serverHolder = async (client: Client, campaignId: string): Promise<string | undefined> => {
  const query = 'WorkflowType = "serverLease" AND ExecutionStatus = "Running"';
  for await (const { workflowId } of client.workflow.list({ query })) {
    const lease = await client.workflow
      .getHandle(workflowId)
      .query(leaseQuery)
      .catch(() => undefined);
    if (lease?.waiting.includes(workflowIds.campaign(campaignId)))
      return lease.holder?.replace(/^campaign\//, '');
  }
  return undefined;
};
