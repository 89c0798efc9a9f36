/** A model server that only takes time: so many requests at once, the rest in a queue, and a clock on its slots. */
import { setTimeout as delay } from 'node:timers/promises';

export type SimulatedModel = ReturnType<typeof simulatedModel>;

export const simulatedModel = (slots: number) => {
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  let firstAt: number | undefined;
  let lastAt = 0;
  let changedAt = 0;
  let fullMs = 0;

  const note = (): void => {
    const now = performance.now();
    if (inFlight >= slots) fullMs += now - changedAt;
    changedAt = now;
    firstAt ??= now;
    lastAt = now;
  };

  return {
    /** Resolves when the server has worked on it for so long. */
    ask: async (ms: number): Promise<void> => {
      if (ms === 0) return;
      if (inFlight >= slots) await new Promise<void>((resolve) => waiting.push(resolve));
      else {
        note();
        inFlight += 1;
      }
      await delay(ms);
      const next = waiting.shift();
      // The slot goes to the next one without a gap.
      if (next) next();
      else {
        note();
        inFlight -= 1;
      }
      lastAt = performance.now();
    },
    /** Share of the time between the first and the last request in which every slot was busy. */
    busyShare: (): number => {
      if (inFlight >= slots) note();
      return firstAt === undefined ? 0 : fullMs / (lastAt - firstAt);
    },
  };
};
