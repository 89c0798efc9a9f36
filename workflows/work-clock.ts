/** How long a campaign has worked, pauses left out. */
export type WorkClock = {
  /** Milliseconds of work up to `since`. */
  ms: number;
  /** Epoch milliseconds; null while paused. */
  since: number | null;
};

export const workedMs = ({ ms, since }: WorkClock): number => ms + (since === null ? 0 : Date.now() - since);
