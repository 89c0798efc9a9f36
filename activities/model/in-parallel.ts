/** Bounded parallel work whose first failure stops the rest, so that no request outlives its activity. */
import pLimit from 'p-limit';
import { cancellationSignal } from '../context.ts';

/** Results in the order of the items. Rejects with the first failure, after everything else has ended. */
export const inParallel = async <T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> => {
  const limit = pLimit(width);
  const failure = new AbortController();
  const signal = AbortSignal.any([cancellationSignal(), failure.signal]);
  const results = await Promise.allSettled(
    items.map((item) =>
      limit(async () => {
        signal.throwIfAborted();
        try {
          return await work(item, signal);
        } catch (thrown) {
          failure.abort(thrown);
          throw thrown;
        }
      }),
    ),
  );
  signal.throwIfAborted();
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
};
