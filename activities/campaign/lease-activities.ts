/** What the lease of a model server needs of Temporal itself. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { UcoderError } from '../../core/errors.ts';

export type LeaseDependencies = {
  client: Client;
  /** Task queue on which the lease’s workflow runs. */
  taskQueue: string;
};

export const createLeaseActivities = ({ client, taskQueue }: LeaseDependencies) => ({
  /** Asks for the server; the grant comes as a signal. Asking twice keeps one place in the line. */
  async askForServer({ leaseId, holder }: { leaseId: string; holder: string }): Promise<void> {
    try {
      await client.workflow.signalWithStart('serverLease', {
        workflowId: leaseId,
        taskQueue,
        signal: 'requestLease',
        signalArgs: [{ holder }],
        staticSummary: 'Lease of a model server',
      });
    } catch (cause) {
      throw new UcoderError(
        'service-unavailable',
        `The Temporal server did not take the request for ${leaseId}.`,
        { cause },
      );
    }
  },

  /** Whether a workflow still runs. */
  async isWorkflowOpen({ workflowId }: { workflowId: string }): Promise<boolean> {
    try {
      const { status } = await client.workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW';
    } catch (thrown) {
      if (thrown instanceof WorkflowNotFoundError) return false;
      throw new UcoderError('service-unavailable', `The Temporal server did not describe ${workflowId}.`, {
        cause: thrown,
      });
    }
  },
});
export type LeaseActivities = ReturnType<typeof createLeaseActivities>;
