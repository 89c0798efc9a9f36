/** How long to wait before a service that died is started again. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A service that lived this long is taken as sound: its next failure is a first one. */
export const STABLE_AFTER_MS = 60_000;

/** Doubles from half a second to half a minute. `failures` is how many came in a row, at least 1. */
export const backOffMs = (failures: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
