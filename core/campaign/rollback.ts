/** Where a person went back to: iterations after `to` and up to `since` were given up. */
export type Rollback = { to: number; since: number };

export const isGivenUp = (rollback: Rollback | null | undefined, n: number): boolean =>
  rollback !== null && rollback !== undefined && n > rollback.to && n <= rollback.since;
