import { Context } from '@temporalio/activity';

/** Signals the workflow that waits for the activity at hand. What it tells is shown, no more: it may get lost. */
export const tellWorkflow = async (signal: string, told: unknown): Promise<void> => {
  try {
    const { client, info } = Context.current();
    const { workflowId, runId } = info.workflowExecution ?? {};
    if (workflowId !== undefined) await client.workflow.getHandle(workflowId, runId).signal(signal, told);
  } catch {
    // Outside of Temporal, or it does not answer: the next message comes.
  }
};
