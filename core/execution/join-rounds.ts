import type { Matrix } from './batch.ts';

/** The matrix of all candidates of rounds that ran on the same tests, at least one round. */
export const joinRounds = ([first, ...later]: readonly [Matrix, ...Matrix[]]): Matrix => {
  const all = [first, ...later];
  const inside = new Set(all.flatMap(({ inProcess = [] }) => inProcess));
  const { inProcess: _, ...shared } = first;
  return {
    ...shared,
    // A test that one round’s programs had no part in judging may be one that another’s had.
    ...(inside.size > 0 ? { inProcess: first.tests.filter((id) => inside.has(id)) } : {}),
    candidates: all.flatMap(({ candidates }) => candidates),
  };
};
