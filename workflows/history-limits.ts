/** When a run must hand over to its successor: before the server's own suggestion (4,096 events, 4 MiB), never after. */
import { workflowInfo } from '@temporalio/workflow';

/** Leaves room for what is in flight at that moment: a window of children, their messages, one activity. */
export const historyLimits = { events: 2_500, bytes: 2_500_000 };

/**
 * Requests of people are taken up to here: each costs some ten events, and what the iteration at hand still needs has to
 * fit behind them. Later there is room for those for which the campaign waits: decisions about the at most a hundred
 * selections that a person is asked about, and what lets a campaign go on that is paused.
 */
const requestLimits = { events: 2_000, bytes: 2_000_000 };
const awaitedLimits = { events: 3_600, bytes: 3_500_000 };

/** Whether this run has room for one more request. */
export const hasRequestsLeft = (isAwaited: boolean): boolean => {
  const { events, bytes } = isAwaited ? awaitedLimits : requestLimits;
  const { historyLength, historySize } = workflowInfo();
  return historyLength < events && historySize < bytes;
};

export const historyIsLong = (): boolean => {
  const { continueAsNewSuggested, historyLength, historySize } = workflowInfo();
  return (
    continueAsNewSuggested || historyLength >= historyLimits.events || historySize >= historyLimits.bytes
  );
};
