/** What a run's history weighs: its events, its bytes as the server counts them, and its largest payload. */
import type { Client } from '@temporalio/client';

export type HistoryWeight = {
  runId: string;
  events: number;
  bytes: number;
  /** Bytes of the largest payload anywhere in it. */
  largestPayload: number;
  /** Activities by type. */
  activities: Record<string, number>;
};

export const weighHistory = async (
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<HistoryWeight> => {
  const handle = client.workflow.getHandle(workflowId, runId);
  const { events } = await handle.fetchHistory();
  const description = await handle.describe();
  const activities: Record<string, number> = {};
  for (const event of events ?? []) {
    const type = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (type) activities[type] = (activities[type] ?? 0) + 1;
  }
  return {
    runId: description.runId,
    events: events?.length ?? 0,
    bytes: description.historySize ?? 0,
    largestPayload: largestPayloadIn(events ?? []),
    activities,
  };
};

/** A payload is an object with `data`, wherever in an event it stands. */
const largestPayloadIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0;
  const own = 'data' in value && value.data instanceof Uint8Array ? value.data.length : 0;
  return Math.max(own, ...Object.values(value).map(largestPayloadIn));
};

/** All runs of a workflow id, oldest first. */
export const weighAllRuns = async (client: Client, workflowId: string): Promise<HistoryWeight[]> => {
  const runs = [];
  for await (const { runId, startTime } of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) {
    runs.push({ runId, startTime });
  }
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  return Promise.all(runs.map(({ runId }) => weighHistory(client, workflowId, runId)));
};

/** All problems of an iteration, by the server's own count: how many, and the largest. */
export const weighProblems = async (
  client: Client,
  iterationId: string,
): Promise<{ count: number; mostEvents: number; mostBytes: number }> => {
  const weight = { count: 0, mostEvents: 0, mostBytes: 0 };
  const query = `WorkflowType = "problem" AND WorkflowId STARTS_WITH "${iterationId}/"`;
  for await (const { historyLength, historySize } of client.workflow.list({ query })) {
    weight.count += 1;
    weight.mostEvents = Math.max(weight.mostEvents, historyLength);
    weight.mostBytes = Math.max(weight.mostBytes, historySize ?? 0);
  }
  return weight;
};
