/**
 * Problems that end without a word, because somebody terminated or cancelled them by hand: an iteration that waited for
 * them would wait for ever. It hears of the end of those that it started in this run, and looks after the others.
 */
import { CancellationScope, condition, isCancellation, patched } from '@temporalio/workflow';
import { lease } from './activity-proxies.ts';

/** How often. Few live that long, and each look costs the history some events. */
export const lookAfter = { everyMs: 30 * 60_000 };

/** `isAwaited`: whether it has not told its end. */
export type AwaitedEnds = {
  isAwaited: (problemId: string) => boolean;
  lost: (problemId: string) => Promise<void>;
};

/** Of a problem that was started in this run. */
export const hearEnd = (
  ended: Promise<unknown>,
  problemId: string,
  { isAwaited, lost }: AwaitedEnds,
): void => {
  ended.catch(async (thrown: unknown) => {
    const isOurs = isCancellation(thrown) && CancellationScope.current().consideredCancelled;
    if (!isOurs && isAwaited(problemId) && patched('hears-lost-problems')) await lost(problemId);
  });
};

/** Of problems that were started before, as they are known by their workflow ids. Runs beside the iteration. */
export const watchUnheard = async (
  unheard: ReadonlyMap<string, string>,
  { isAwaited, lost }: AwaitedEnds,
): Promise<void> => {
  const waiting = () => [...unheard].filter(([problemId]) => isAwaited(problemId));
  for (;;) {
    await condition(() => waiting().length > 0);
    if (!patched('looks-after-problems')) return;
    if (await condition(() => waiting().length === 0, lookAfter.everyMs)) continue;
    for (const [problemId, workflowId] of waiting()) {
      const isOpen = await lease.isWorkflowOpen({ workflowId });
      if (!isOpen && isAwaited(problemId)) await lost(problemId);
    }
  }
};
