/**
 * When a candidate need not be run further, whatever its other tests say: it can no longer be reliable enough, and no
 * test may need its answer. A test that nobody answers is dropped by every selection, so that only misses in tests
 * that some candidate has answered count, and one that may be the only one to answer a test is run on it.
 */
import { entropyBits } from '../statistics/entropy.ts';
import { leastCount } from '../statistics/least-count.ts';
import type { CandidateResult } from './batch.ts';
import type { Verdict } from './judge-claim.ts';

export type EarlyExit = {
  /** Tests that some finished candidate has answered. */
  readonly answered: ReadonlySet<number>;
  /** In which tests are run. What the outcomes are is decided by the tests' own order (candidate-progress.ts). */
  readonly order: readonly number[];
  readonly minReliability: number;
};

/** When the runner may stop by itself: after so many tests without an answer, counted from a position on. */
export type Worth = { readonly unansweredAtMost: number; readonly unansweredFrom: number };

/** By test; undefined where it is open. */
type Verdicts = readonly (Verdict | undefined)[];

type Seen = Pick<CandidateResult, 'outcomes' | 'outputs'>;

const isAnswer = (outcome: string | undefined): boolean => outcome === 'pass' || outcome === 'fail';

/**
 * What candidates that are finished say of `tests` tests, in the order of these candidates. Tests that none of them
 * answers come first: a candidate may only be given up once it was run on them. Then those that most of them miss,
 * for there an unreliable one shows itself; of equal ones, those that split the candidates most evenly (entropy).
 */
export const learnEarlyExit = (tests: number, seen: readonly Seen[], minReliability: number): EarlyExit => {
  const answered = new Set<number>();
  const ranks = Array.from({ length: tests }, (_, test) => {
    const entries = new Map<string, number>();
    let missed = 0;
    for (const { outcomes, outputs } of seen) {
      const outcome = outcomes[test];
      if (outcome === undefined || outcome === 'not-run') continue;
      if (isAnswer(outcome)) answered.add(test);
      else missed += 1;
      const entry = `${outcome} ${outputs[test] ?? ''}`;
      entries.set(entry, (entries.get(entry) ?? 0) + 1);
    }
    const split = entropyBits([...entries.values()].sort((a, b) => a - b));
    return { test, isAnswered: answered.has(test), missed, split };
  });
  ranks.sort(
    (a, b) =>
      Number(a.isAnswered) - Number(b.isAnswered) ||
      b.missed - a.missed ||
      b.split - a.split ||
      a.test - b.test,
  );
  return { answered, order: ranks.map(({ test }) => test), minReliability };
};

/** Programs after which what was seen is looked at again. */
const LEARN_AFTER = [4, 16];

/**
 * Ends of the waves in which `programs` run. What one wave learns from holds for all of the next, and not what
 * happened to end first: so a batch's results are the same however its programs are spread over containers.
 */
export const learningWaves = (programs: number): number[] => [
  ...LEARN_AFTER.filter((end) => end < programs),
  programs,
];

/**
 * Whether a candidate can be given up. Never the first to answer a test: whether that answer counts is only known at
 * its end, since in the tests' own order two timeouts or a spent budget may come before it.
 */
export const isOut = (earlyExit: EarlyExit | undefined, verdicts: Verdicts): boolean => {
  if (!earlyExit) return false;
  const { answered } = earlyExit;
  const isNeeded = verdicts.some((verdict, test) => verdict === undefined && !answered.has(test));
  return !isNeeded && !answersFirst(earlyExit, verdicts) && mayMiss(earlyExit, verdicts, []) < 0;
};

const answersFirst = ({ answered }: EarlyExit, verdicts: Verdicts): boolean =>
  verdicts.some((verdict, test) => isAnswer(verdict?.outcome) && !answered.has(test));

/** For a run of tests in this order. What the runner does not know yet is taken to be the best that may come. */
export const worthOf = (
  earlyExit: EarlyExit | undefined,
  verdicts: Verdicts,
  order: readonly number[],
): Worth => {
  const never = { unansweredAtMost: order.length, unansweredFrom: 0 };
  if (!earlyExit) return never;
  const { answered } = earlyExit;
  const isNeeded = (verdict: Verdict | undefined, test: number) =>
    verdict === undefined && !answered.has(test) && !order.includes(test);
  if (verdicts.some(isNeeded) || answersFirst(earlyExit, verdicts)) return never;
  const unansweredFrom = order.findLastIndex((test) => !answered.has(test)) + 1;
  const unansweredAtMost = mayMiss(earlyExit, verdicts, order.slice(0, unansweredFrom));
  return { unansweredAtMost: Math.max(0, unansweredAtMost), unansweredFrom };
};

/** How many open tests more may end without an answer before the candidate is out, were these answered. */
const mayMiss = (
  { answered, minReliability }: EarlyExit,
  verdicts: Verdicts,
  soon: readonly number[],
): number => {
  const mayAnswer = verdicts.filter((verdict) => verdict === undefined || isAnswer(verdict.outcome));
  const kept = verdicts.filter(
    (verdict, test) => answered.has(test) || soon.includes(test) || isAnswer(verdict?.outcome),
  );
  return mayAnswer.length - leastCount(minReliability, kept.length);
};
