/** From finished runs to what the matrix says of a candidate. */
import type { CandidateResult } from './batch.ts';
import type { CandidateProgress } from './candidate-progress.ts';
import type { Verdict } from './judge-claim.ts';
import type { PreparedTest } from './prepared-test.ts';

/** A second run that disagrees makes the pair flaky; what the second run did not reach stays as it was. */
const combined = (first: Verdict | undefined, second: Verdict | undefined): Verdict => {
  if (!first) return { outcome: 'error', output: null };
  if (!second || (second.outcome === first.outcome && second.output === first.output)) return first;
  return { outcome: 'flaky', output: null };
};

/** `progresses`: the run in order, and the shuffled one where there is one. */
export const candidateResult = (id: string, progresses: readonly CandidateProgress[]): CandidateResult => {
  const [first, second] = progresses;
  const verdicts = (first?.verdicts ?? []).map((verdict, index) =>
    combined(verdict, second?.ran.has(index) ? second.verdicts[index] : undefined),
  );
  const cpuMs = progresses.reduce((sum, progress) => sum + progress.cpuMs, 0);
  return {
    id,
    outcomes: verdicts.map(({ outcome }) => outcome),
    outputs: verdicts.map(({ output }) => output),
    durationMs: Math.round(cpuMs * 1000) / 1000,
  };
};

/** Ids of the tests that a candidate’s own process had a part in judging. */
export const inProcessTests = (
  tests: readonly PreparedTest[],
  progresses: readonly CandidateProgress[],
): string[] => {
  const inside = new Set(progresses.flatMap((progress) => [...progress.inside, ...progress.leaning]));
  return tests.filter((_, index) => inside.has(index)).map(({ id }) => id);
};

/** A permutation that depends on the seed only (mulberry32, Fisher–Yates). */
export const shuffledOrder = (length: number, seed: number): number[] => {
  let state = seed | 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const order = Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const held = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = held;
  }
  return order;
};
