/** The steps that a campaign’s workflows wait for, as the Temporal server knows them, in plain words. */
import type { WorkflowExecutionDescription } from '@temporalio/client';

export type PendingStep = {
  activity: string;
  workflowId: string;
  queue: string;
  /** From 1. */
  attempt: number;
  state: 'running' | 'waiting' | 'paused';
  /** Seconds until the next attempt; null where it runs, or may run as soon as a worker takes it. */
  nextTryInSeconds: number | null;
  /** Of the attempt before, in one sentence. */
  lastError: string | null;
};

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** temporal.api.enums.v1.PendingActivityState: scheduled, started, told to end, paused, told to pause. */
const STATES: Record<number, PendingStep['state']> = {
  1: 'waiting',
  2: 'running',
  3: 'running',
  4: 'paused',
  5: 'running',
};

/** temporal.api.enums.v1.TimeoutType */
const TIMEOUTS: Record<number, string> = {
  1: 'it did not end in time',
  2: 'no worker took it in time',
  3: 'it did not end in time',
  4: 'its worker gave no sign of life',
};

export const pendingSteps = (
  descriptions: readonly Pick<WorkflowExecutionDescription, 'workflowId' | 'raw'>[],
  now: number,
): PendingStep[] =>
  descriptions.flatMap(({ workflowId, raw }) =>
    (raw.pendingActivities ?? []).map((activity) => stepOf(workflowId, activity, now)),
  );

const stepOf = (workflowId: string, activity: PendingActivity, now: number): PendingStep => {
  const state = STATES[activity.state ?? 1] ?? 'waiting';
  const next = activity.nextAttemptScheduleTime ?? activity.scheduledTime;
  const seconds = Math.round(Number(next?.seconds ?? 0) - now / 1000);
  return {
    activity: activity.activityType?.name ?? 'a step',
    workflowId,
    queue: activity.activityOptions?.taskQueue?.name ?? '',
    attempt: activity.attempt ?? 1,
    state,
    nextTryInSeconds: state === 'waiting' && seconds > 0 ? seconds : null,
    lastError: errorSentence(activity.lastFailure),
  };
};

/** The first line of what went wrong, or which of Temporal’s limits was reached. */
export const errorSentence = (failure: PendingActivity['lastFailure']): string | null => {
  if (!failure) return null;
  const timeout = TIMEOUTS[failure.timeoutFailureInfo?.timeoutType ?? 0];
  if (timeout !== undefined) return timeout;
  return (failure.message ?? '').split('\n')[0]?.slice(0, 300) || 'an error without a message';
};

/** Why a step keeps its campaign waiting, where it is one that failed or was paused. */
export const stepSentence = (step: PendingStep): string | undefined => {
  const { activity, workflowId, attempt, state, nextTryInSeconds, lastError } = step;
  const name = `${activity} of ${workflowId}`;
  if (state === 'paused') return `${name} was paused by hand; unpause it in the Temporal UI`;
  if (attempt < 2 || lastError === null) return undefined;
  const when =
    nextTryInSeconds === null ? (state === 'running' ? ', running' : '') : ` in ${nextTryInSeconds} s`;
  return `${name} is tried again (attempt ${attempt}${when}) after: ${lastError}`;
};
