/** A model server that only takes time: so many requests at once, the rest in a queue, and a clock on its slots. */
import { setTimeout as delay } from 'node:timers/promises';

export type SimulatedModel = ReturnType<typeof simulatedModel>;

export const simulatedModel = (slots: number) => {
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  /** Milliseconds with so many slots busy, by their number. */
  const spent = Array.from({ length: slots + 1 }, () => 0);
  let beganAt: number | undefined;
  let changedAt: number | undefined;
  let firstFullAt: number | undefined;
  let lastFullAt = 0;
  /** Milliseconds with every slot busy, and with fewer between the first and the last such moment. */
  let gapMs = 0;

  const note = (change: 1 | -1): void => {
    const now = performance.now();
    beganAt ??= now;
    const lasted = now - (changedAt ?? now);
    spent[inFlight] = (spent[inFlight] ?? 0) + lasted;
    if (inFlight === slots) lastFullAt = now;
    inFlight += change;
    if (inFlight === slots) {
      firstFullAt ??= now;
      // Full again: what lay between was a gap, not the end.
      if (lastFullAt > 0) gapMs += now - lastFullAt;
    }
    changedAt = now;
  };

  return {
    /** Resolves when the server has worked on it for so long. */
    ask: async (ms: number): Promise<void> => {
      if (ms === 0) return;
      if (inFlight >= slots) await new Promise<void>((resolve) => waiting.push(resolve));
      else note(1);
      await delay(ms);
      const next = waiting.shift();
      // The slot goes to the next one without a gap.
      if (next) next();
      else note(-1);
    },
    /**
     * Share of the time in which every slot was busy: `whole` of that between the first and the last request,
     * `steady` of that between the first and the last moment at which all were. Milliseconds before and after those.
     */
    busyShare: (): { whole: number; steady: number; beforeMs: number; afterMs: number } => {
      const fullMs = spent[slots] ?? 0;
      const total = spent.reduce((sum, ms) => sum + ms, 0);
      return {
        whole: total === 0 ? 0 : fullMs / total,
        steady: firstFullAt === undefined ? 0 : fullMs / (fullMs + gapMs),
        beforeMs: (firstFullAt ?? 0) - (beganAt ?? 0),
        afterMs: (changedAt ?? 0) - lastFullAt,
      };
    },
  };
};
