/** How many activities of a queue one worker process holds at once. `ucoder worker --concurrency` overrides it. */
import type { QueueName } from '../workflows/task-queues.ts';

/**
 * A server is full only while more requests wait than it works on. On a CPU it works on 64 sequences, which eight
 * activities fill once or twice; what waited longer would pass its deadline for the first token. On a GPU it works on 256
 * to 1,024, so 24 activities with chunks of 32.
 */
const MODEL_SLOTS = { managed: 8, own: 24 };

/** Control only waits for the bucket; the sandbox takes a problem per slot. */
const SLOTS: Record<Exclude<QueueName, 'model'>, number> = { control: 50, sandbox: 2, training: 2 };

/** `managed`: the model server is the one that `ucoder up` runs on the CPU. */
export const activitySlots = (queue: QueueName, { managed }: { managed: boolean }): number => {
  if (queue === 'model') return managed ? MODEL_SLOTS.managed : MODEL_SLOTS.own;
  return SLOTS[queue];
};
