/** When a stage began, with pauses left out; plain data, so that it is carried from run to run. */
import { timeLeft } from '../core/campaign/time-left.ts';

export type PauseClock = {
  /** Epoch milliseconds at which the stage began, later by each pause since. */
  since: number;
  /** Epoch milliseconds at which a pause began that lasts. */
  pausedAt?: number;
};

export const notePause = (clock: PauseClock, paused: boolean): void => {
  const now = Date.now();
  if (paused) {
    clock.pausedAt ??= now;
  } else if (clock.pausedAt !== undefined) {
    clock.since += now - clock.pausedAt;
    delete clock.pausedAt;
  }
};

/** Milliseconds that the rest takes at the pace so far; null where nothing tells yet. */
export const msLeft = ({ since, pausedAt }: PauseClock, done: number, total: number): number | null =>
  timeLeft((pausedAt ?? Date.now()) - since, done, total);
