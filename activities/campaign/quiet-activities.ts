/** Whether a campaign that is paused still uses its model server. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { UcoderError } from '../../core/errors.ts';
import { cancellationSignal, heartbeat } from '../context.ts';
import { openWorkflows } from './open-workflows.ts';
import { type PendingStep, pendingSteps } from './pending-steps.ts';

export type QuietDependencies = {
  client: Client;
  /** The queue of the steps that use the model server. */
  modelQueue: string;
  pollMs?: number;
};

const POLL_MS = 3000;

/** A pause goes from hand to hand: what had not heard of it at the first look has at the second. */
const QUIET_LOOKS = 2;

export const createQuietActivities = ({ client, modelQueue, pollMs = POLL_MS }: QuietDependencies) => {
  const isBusy = ({ queue, state, attempt, nextTryInSeconds }: PendingStep): boolean =>
    queue === modelQueue &&
    // One that was handed to the queue already will run; one that failed waits for the server, not for itself.
    (state === 'running' || (state === 'waiting' && nextTryInSeconds === null && attempt === 1));

  const isQuiet = async (workflowId: string): Promise<boolean> => {
    try {
      const campaign = await client.workflow.getHandle(workflowId).describe();
      return !pendingSteps(await openWorkflows(client, campaign), Date.now()).some(isBusy);
    } catch (cause) {
      throw new UcoderError(
        'service-unavailable',
        `The Temporal server did not tell what ${workflowId} does.`,
        { cause },
      );
    }
  };

  return {
    /** Resolves once no step of the campaign is at the model server or on its way there. Safe to repeat: it only looks. */
    async awaitQuiet({ workflowId }: { workflowId: string }): Promise<void> {
      const signal = cancellationSignal();
      for (let looks = 0; looks < QUIET_LOOKS; ) {
        looks = (await isQuiet(workflowId)) ? looks + 1 : 0;
        heartbeat();
        await delay(pollMs, undefined, { signal });
      }
    },
  };
};
export type QuietActivities = ReturnType<typeof createQuietActivities>;
