/** One sentence on why a campaign does not move: a step that is tried again, or a queue that nobody serves. */
import type { Client, Connection, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

/** Open children that are looked into; more would say the same. */
const CHILDREN = 5;
/** temporal.api.enums.v1.TaskQueueType */
const ACTIVITY_QUEUE_TYPE = 2;

export const waitingFor = async (
  client: Client,
  description: WorkflowExecutionDescription,
): Promise<string | null> => {
  const open = [description];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const activity of next.raw.pendingActivities ?? []) {
      const sentence = retrySentence(activity) ?? (await unservedSentence(client, activity));
      if (sentence) return sentence;
    }
    for (const child of (next.raw.pendingChildren ?? []).slice(0, CHILDREN)) {
      const described = await describeOpen(client, child.workflowId ?? '');
      if (described) open.push(described);
    }
  }
  return null;
};

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

const retrySentence = ({
  activityType,
  attempt,
  lastFailure,
  scheduledTime,
}: PendingActivity): string | undefined => {
  if ((attempt ?? 1) < 2 || !lastFailure) return undefined;
  const seconds = Math.max(0, Math.round(Number(scheduledTime?.seconds ?? 0) - Date.now() / 1000));
  const when = seconds > 0 ? ` in ${seconds} s` : '';
  return `${activityType?.name} is tried again (attempt ${attempt}${when}) after: ${firstSentence(lastFailure.message ?? '')}`;
};

const firstSentence = (message: string): string => message.split('\n')[0]?.slice(0, 300) ?? '';

const unservedSentence = async (client: Client, activity: PendingActivity): Promise<string | undefined> => {
  const queue = activity.activityOptions?.taskQueue?.name;
  if (!queue || activity.lastStartedTime) return undefined;
  const { workflowService } = client.connection as Connection;
  const { pollers } = await workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: ACTIVITY_QUEUE_TYPE,
  });
  return (pollers ?? []).length === 0 ? `no worker serves the queue ${queue}; see npx ucoder ps` : undefined;
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
