/** The side of a child that is steered: whether it may go on, and with which settings. */
import { condition, setHandler } from '@temporalio/workflow';
import { steerSignal } from './messages.ts';
import type { Steering } from './steering.ts';

const UNSTEERED: Steering = { sequence: 0, paused: false, stop: null };

export type Steered = {
  now: Steering;
  /** Resolves once nothing holds the campaign. A stop ends a pause. */
  mayGoOn: () => Promise<void>;
};

/** `onChange` may be asynchronous; continue-as-new waits for it. */
export const steered = (
  initial: Steering = UNSTEERED,
  onChange: (now: Steering) => void | Promise<void> = () => undefined,
): Steered => {
  const now = { ...initial };
  setHandler(steerSignal, async (next) => {
    if (!isNewer(next, now)) return;
    Object.assign(now, next);
    await onChange(now);
  });
  return {
    now,
    mayGoOn: async () => {
      await condition(() => !now.paused || now.stop !== null);
    },
  };
};

const isNewer = (next: Steering, now: Steering): boolean => {
  const [era, before] = [next.era ?? 0, now.era ?? 0];
  return era === before ? next.sequence > now.sequence : era > before;
};

/** Whether no new problem may start. */
export const isEnding = ({ stop }: Steering): boolean => stop === 'now' || stop === 'problem';
