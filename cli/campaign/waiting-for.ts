/** One sentence on why a campaign does not move: broken code, a step that is tried again, or a queue that nobody serves. */
import type { Client, Connection, WorkflowExecutionDescription } from '@temporalio/client';
import { errorSentence, type PendingStep, stepSentence } from '../../activities/campaign/pending-steps.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';

/** temporal.api.enums.v1.TaskQueueType */
const QUEUE_TYPES = { workflow: 1, activity: 2 } as const;

/** A poll lasts a minute at most; the server lists a poller that died for five. */
const POLLER_LIVES_MS = 90_000;

/** Workflow tasks that fail once in passing, as when a worker is deployed, are no reason to worry. */
const TASK_ATTEMPTS = 3;

export const waitingFor = async (
  client: Client,
  open: readonly WorkflowExecutionDescription[],
  steps: readonly PendingStep[],
): Promise<string | null> => {
  for (const description of open) {
    const sentence = await brokenSentence(client, description);
    if (sentence) return sentence;
  }
  return (await unservedSentence(client, steps)) ?? steps.map(stepSentence).find((text) => text) ?? null;
};

/** Where nobody answers for the workflows themselves. */
export const whyNoAnswer = async (
  client: Client,
  description: WorkflowExecutionDescription,
): Promise<string> => {
  const broken = await brokenSentence(client, description);
  if (broken) return broken;
  return (await isPolled(client, TASK_QUEUES.control, 'workflow'))
    ? `the worker of the queue ${TASK_QUEUES.control} does not answer; see npx ucoder ps`
    : `no worker serves the queue ${TASK_QUEUES.control}; see npx ucoder ps`;
};

/** Code that cannot go on with a history: Temporal tries for ever, until a worker brings code that can. */
const brokenSentence = async (
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
): Promise<string | undefined> => {
  const attempt = raw.pendingWorkflowTask?.attempt ?? 1;
  if (attempt < TASK_ATTEMPTS) return undefined;
  const { workflowService } = client.connection as Connection;
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    ...{ namespace: client.options.namespace, execution: { workflowId, runId }, maximumPageSize: 10 },
  });
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes);
  const error = errorSentence(failed?.workflowTaskFailedEventAttributes?.failure) ?? 'no reason told';
  return `the code of ${workflowId} fails (attempt ${attempt}): ${error}; docs/reliability.md has what to do`;
};

/** A queue that a step waits for while none of our steps is at work there. */
const unservedSentence = async (
  client: Client,
  steps: readonly PendingStep[],
): Promise<string | undefined> => {
  const busy = new Set(steps.filter(({ state }) => state === 'running').map(({ queue }) => queue));
  const due = steps.filter(({ state, nextTryInSeconds }) => state === 'waiting' && nextTryInSeconds === null);
  const queues = new Set(due.map(({ queue }) => queue).filter((queue) => queue !== '' && !busy.has(queue)));
  for (const queue of queues) {
    if (!(await isPolled(client, queue, 'activity')))
      return `no worker serves the queue ${queue}; see npx ucoder ps`;
  }
  return undefined;
};

const isPolled = async (client: Client, queue: string, type: keyof typeof QUEUE_TYPES): Promise<boolean> => {
  const { workflowService } = client.connection as Connection;
  const { pollers } = await workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: QUEUE_TYPES[type],
  });
  const alive = Date.now() - POLLER_LIVES_MS;
  return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > alive);
};
