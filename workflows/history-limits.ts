/** When a run must hand over to its successor: before the server's own suggestion (4,096 events, 4 MiB), never after. */
import { workflowInfo } from '@temporalio/workflow';

/** Leaves room for what is in flight at that moment: a window of children, their messages, one activity. */
export const historyLimits = { events: 2_500, bytes: 2_500_000 };

export const historyIsLong = (): boolean => {
  const { continueAsNewSuggested, historyLength, historySize } = workflowInfo();
  return (
    continueAsNewSuggested || historyLength >= historyLimits.events || historySize >= historyLimits.bytes
  );
};
