/** A campaign’s workflows that run, the campaign itself first. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

export const openWorkflows = async (
  client: Client,
  campaign: WorkflowExecutionDescription,
  /** Children that are looked into. */
  limit = Number.POSITIVE_INFINITY,
): Promise<WorkflowExecutionDescription[]> => {
  // By id: problems outlive the run of the iteration that started them, so its description does not name them all.
  const query = `WorkflowId STARTS_WITH "${campaign.workflowId}/" AND ExecutionStatus = "Running"`;
  const children = [];
  for await (const { workflowId } of client.workflow.list({ query })) {
    const described = await describeOpen(client, workflowId);
    if (described) children.push(described);
    if (children.length >= limit) break;
  }
  return [campaign, ...children];
};

const describeOpen = async (
  client: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> => {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return undefined;
    throw thrown;
  }
};
