/** Heartbeat and cancellation of the activity at hand; outside of Temporal (a test, a bench) both do nothing. */
import { Context } from '@temporalio/activity';

const current = (): Context | undefined => {
  try {
    return Context.current();
  } catch {
    return undefined;
  }
};

export const heartbeat = (details?: unknown): void => current()?.heartbeat(details);

/** Aborted when the campaign is cancelled or the worker shuts down. */
export const cancellationSignal = (): AbortSignal =>
  current()?.cancellationSignal ?? new AbortController().signal;

/** What the previous attempt last heartbeated, unchecked. */
export const lastHeartbeat = (): unknown => current()?.info.heartbeatDetails;

/** Heartbeats every `intervalMs` while `work` runs, for outside systems that report no progress. */
export const whileHeartbeating = async <T>(work: Promise<T>, intervalMs = 2000): Promise<T> => {
  const timer = setInterval(() => heartbeat(), intervalMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
};
