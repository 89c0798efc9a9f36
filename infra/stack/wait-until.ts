/** Polls a condition; the pause between looks is short because what is waited for is local. */
import { setTimeout as pause } from 'node:timers/promises';

/** True as soon as `condition` holds, false after `timeoutMs` or on abort. */
export const waitUntil = async (
  condition: () => Promise<boolean> | boolean,
  timeoutMs: number,
  { everyMs = 50, signal }: { everyMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs;
  while (!signal?.aborted) {
    if (await condition()) return true;
    if (performance.now() >= deadline) return false;
    await pause(everyMs);
  }
  return false;
};
