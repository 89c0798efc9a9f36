/** What becomes of a fault that a problem meets after all retries: its own, or everybody's. */
import {
  ActivityFailure,
  ApplicationFailure,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { problemFailed } from './messages.ts';

/**
 * Faults that belong to this one problem. Anything else (a model that does not exist, a refused bucket) would hit
 * every problem alike and fails the campaign.
 */
const PROBLEM_FAULTS: readonly string[] = [
  'sandbox-failed',
  'model-refused',
  'object-missing',
  'object-corrupt',
];

/**
 * Undefined where it is not the problem's own. A step that was lost as often as it may be is: only those steps have a
 * bound that run this problem's programs or read its sources.
 */
export const problemFault = (thrown: unknown): string | undefined => {
  if (!(thrown instanceof ActivityFailure)) return undefined;
  const { activityType, cause } = thrown;
  const isOwn =
    cause instanceof TimeoutFailure ||
    (cause instanceof ApplicationFailure && PROBLEM_FAULTS.includes(cause.type ?? ''));
  return isOwn ? `${activityType}: ${cause.message}` : undefined;
};

/**
 * Tells the iteration, which may be in a later run than the one that started the problem and then hears of no child's
 * end. A bug is told to nobody: Temporal tries its step again.
 */
export const tellCommonFault = async (
  reportTo: string,
  problemId: string,
  thrown: unknown,
): Promise<void> => {
  if (!(thrown instanceof TemporalFailure) || isCancellation(thrown) || !patched('tells-common-fault'))
    return;
  const cause = thrown instanceof ActivityFailure ? thrown.cause : thrown;
  const where = thrown instanceof ActivityFailure ? `${thrown.activityType}: ` : '';
  const type = (cause instanceof ApplicationFailure ? cause.type : undefined) ?? 'internal';
  await getExternalWorkflowHandle(reportTo)
    .signal(problemFailed, { problemId, message: `${where}${cause?.message ?? thrown.message}`, type })
    .catch(() => undefined); // The iteration has failed already, by another problem's.
};
