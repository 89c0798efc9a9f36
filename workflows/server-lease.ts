/**
 * Whose turn it is at a model server. Two campaigns that swap models under each other would train on each
 * other's answers, so a campaign holds the lease of its server from its first to its last request.
 */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setHandler,
} from '@temporalio/workflow';
import { lease } from './activity-proxies.ts';
import { historyIsLong } from './history-limits.ts';
import { leaseGranted, leaseQuery, releaseLease, requestLease } from './messages.ts';

export type ServerLeaseState = { holder: string | null; waiting: string[] };

/** A holder that was terminated releases nothing: look after it this often. */
const LOOK_AFTER = '5 minutes';

export async function serverLease(state: ServerLeaseState = { holder: null, waiting: [] }): Promise<void> {
  /** To whom the grant was sent in this run. */
  let granted: string | undefined = state.holder ?? undefined;
  setHandler(leaseQuery, () => ({ holder: state.holder, waiting: [...state.waiting] }));
  setHandler(requestLease, ({ holder }) => {
    if (state.holder !== holder && !state.waiting.includes(holder)) state.waiting.push(holder);
    // A campaign asks again where it does not know whether it was heard.
    else if (state.holder === holder) granted = undefined;
  });
  setHandler(releaseLease, ({ holder }) => {
    if (state.holder === holder) state.holder = null;
    state.waiting = state.waiting.filter((other) => other !== holder);
  });

  while (state.holder !== null || state.waiting.length > 0) {
    if (state.holder === null) state.holder = state.waiting.shift() ?? null;
    const holder = state.holder;
    if (holder === null) break;
    if (granted !== holder) {
      granted = holder;
      await getExternalWorkflowHandle(holder)
        .signal(leaseGranted)
        .catch(() => undefined); // It ended in the meantime; the look below finds out.
    }
    const changed = await condition(() => state.holder !== holder || granted !== holder, LOOK_AFTER);
    if (!changed && !(await lease.isWorkflowOpen({ workflowId: holder })) && state.holder === holder)
      state.holder = null;
    if (historyIsLong()) {
      await condition(allHandlersFinished);
      return continueAsNew<typeof serverLease>(state);
    }
  }
  await condition(allHandlersFinished);
}
