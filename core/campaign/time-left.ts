/** How long work takes that goes on as it went so far: an extrapolation, which is why people are told "about". */

/** Milliseconds that the rest of `total` units takes where `done` took `workedMs`; null where nothing tells yet. */
export const timeLeft = (workedMs: number, done: number, total: number): number | null =>
  done <= 0 || total <= 0 ? null : Math.round((Math.max(0, workedMs) / done) * Math.max(0, total - done));

/**
 * Milliseconds until the end of `left` iterations, that at hand included. `ends`: work up to the end of the base's
 * measurement and of each iteration since, repeated ones included, milliseconds. Null before one iteration tells how
 * long they are.
 */
export const iterationsTimeLeft = (
  ends: readonly number[],
  workedMs: number,
  left: number,
): number | null => {
  const [first, last] = [ends[0], ends.at(-1)];
  const complete = ends.length - 1;
  if (first === undefined || last === undefined || complete < 1) return null;
  const whole = ((last - first) / complete) * Math.max(0, left);
  return Math.max(0, Math.round(whole - Math.max(0, workedMs - last)));
};
