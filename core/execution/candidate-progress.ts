/**
 * One candidate’s way through its tests: what to run next, and what a run’s end means. Pure, so that every rule
 * about timeouts, crashes and budgets is decided and tested here, outside of any container.
 */
import type { LimitsConfig } from '../config/campaign-config.ts';
import { leastCount } from '../statistics/least-count.ts';
import type { Outcome } from './batch.ts';
import { ClaimJudge, judgeWithoutValue, type ResultKind, type Verdict } from './judge-claim.ts';
import type { PreparedTest } from './prepared-test.ts';

/** Timeouts after which the rest is not run. */
const MAX_TIMEOUTS = 2;
/** Each costs a container. */
const MAX_BREACHES = 3;

/**
 * What a batch knows for giving a candidate up early without changing any selection. A test that nobody answers is
 * dropped later, so only misses in `answered` tests count, and a candidate whose answer a test may need runs on.
 */
export type EarlyExit = {
  /** Tests that some finished candidate has answered. */
  readonly answered: Set<number>;
  readonly minReliability: number;
};

export type Run =
  | {
      readonly kind: 'calls';
      readonly order: readonly number[];
      readonly candidateMs: number;
      /** The module is loaded once, and each test has a process of its own. */
      readonly forks: boolean;
      /** Tests without an answer after which the run may stop. */
      readonly unansweredAtMost: number;
    }
  | { readonly kind: 'beside' | 'inside'; readonly order: readonly [number]; readonly candidateMs: number };

/** Why a run ended (supervision.py). */
export type EndReason =
  | 'finished'
  | 'stopped'
  | 'budget'
  | 'dirty'
  | 'heavy'
  | 'enough'
  | 'breach'
  | 'late-breach'
  | 'load-error'
  | 'load-memory'
  | 'load-timeout'
  | 'load-crash'
  | 'load-breach';

export type RunEnd = {
  readonly reason: EndReason;
  readonly cpuMs: number;
  /** CPU time of the tests alone, loading left out. */
  readonly testMs: number;
  readonly outOfMemory: boolean;
  /** The verdict rests on what an object of the candidate’s said. */
  readonly leans?: boolean;
};

export type Result = { readonly position: number; readonly kind: ResultKind; readonly text?: string };

const LOAD_OUTCOMES = {
  'load-error': 'error',
  'load-memory': 'memory',
  'load-timeout': 'timeout',
  'load-crash': 'crash',
  'load-breach': 'crash',
} as const satisfies Record<string, Outcome>;

const isLoadEnd = (reason: EndReason): reason is keyof typeof LOAD_OUTCOMES => reason in LOAD_OUTCOMES;

const isAnswer = (verdict: Verdict | undefined): boolean =>
  verdict?.outcome === 'pass' || verdict?.outcome === 'fail';

/** Judges shared by all candidates of a batch. */
export const judgesFor = (tests: readonly PreparedTest[]): readonly (ClaimJudge | undefined)[] =>
  tests.map((test) => (test.judgement ? new ClaimJudge(test.judgement) : undefined));

export class CandidateProgress {
  readonly verdicts: (Verdict | undefined)[];
  /** Tests that a process was really given, as against those that got `timeout` unrun. */
  readonly ran = new Set<number>();
  readonly inside = new Set<number>();
  /** Tests beside the candidate in which its own objects had the word. */
  readonly leaning = new Set<number>();
  cpuMs = 0;
  /** Set after a first timeout: the candidate goes on when nothing else runs, and then it is believed. */
  isSuspect = false;
  #alone = false;
  #usedMs = 0;
  #timeouts = 0;
  #breaches = 0;
  #forks: boolean;
  #gaveUp = false;
  readonly #order: readonly number[];
  readonly #tests: readonly PreparedTest[];
  readonly #judges: readonly (ClaimJudge | undefined)[];
  readonly #limits: LimitsConfig;
  readonly #earlyExit: EarlyExit | undefined;

  constructor(
    tests: readonly PreparedTest[],
    judges: readonly (ClaimJudge | undefined)[],
    limits: LimitsConfig,
    order: readonly number[] = tests.map((_, index) => index),
    earlyExit?: EarlyExit,
  ) {
    this.#earlyExit = earlyExit;
    this.#tests = tests;
    this.#judges = judges;
    this.#limits = limits;
    this.#forks = limits.isolation === 'test';
    this.#order = order;
    this.verdicts = tests.map(() => undefined);
    for (const index of order) {
      const test = tests[index];
      if (test?.kind !== 'program') continue;
      if (test.inside) this.inside.add(index);
      if (test.leans) this.leaning.add(index);
    }
  }

  /** From here on a timeout counts: the candidate has the container to itself. */
  runAlone(): void {
    this.#alone = true;
    this.isSuspect = false;
  }

  /** The next piece of work, or undefined where the candidate is done. */
  next(): Run | undefined {
    const open = this.#order.filter((index) => this.verdicts[index] === undefined);
    const first = open[0];
    if (first === undefined) return undefined;
    const candidateMs = Math.max(1, this.#limits.candidateTimeoutMs - this.#usedMs);
    if (this.inside.has(first)) return { kind: 'inside', order: [first], candidateMs };
    if (this.#tests[first]?.kind === 'program') return { kind: 'beside', order: [first], candidateMs };
    const end = open.findIndex((index) => this.#tests[index]?.kind !== 'call' || this.inside.has(index));
    const order = end === -1 ? open : open.slice(0, end);
    return {
      kind: 'calls',
      order,
      candidateMs,
      forks: this.#forks,
      unansweredAtMost: Math.max(0, this.#mayStillMiss()),
    };
  }

  /** A result of `run`; false where it breaks the protocol. */
  take(run: Run, result: Result): boolean {
    if (this.#gaveUp) return true;
    const index = run.order[result.position];
    if (index === undefined || this.verdicts[index] !== undefined) return false;
    this.ran.add(index);
    const isSound = this.#decide(run, index, result);
    this.#giveUpEarly();
    return isSound;
  }

  #decide(run: Run, index: number, result: Result): boolean {
    if (result.kind === 'inside') {
      if (run.kind === 'inside') this.verdicts[index] = judgeWithoutValue('crash');
      else this.inside.add(index);
      return true;
    }
    if (result.kind === 'timeout') {
      this.#timeout(index);
      return true;
    }
    const judge = this.#judges[index];
    // Whoever judges values from outside never takes a claim to have passed.
    if (judge && result.kind === 'passed') return false;
    if (result.kind !== 'value') this.verdicts[index] = judgeWithoutValue(result.kind);
    else if (judge && result.text !== undefined) this.verdicts[index] = judge.verdictOf(result.text);
    else return false;
    return true;
  }

  /** How many more tests may end without an answer before the candidate is out. */
  #mayStillMiss(): number {
    if (!this.#earlyExit) return this.#order.length;
    const { answered, minReliability } = this.#earlyExit;
    const isOpen = (index: number) => this.verdicts[index] === undefined;
    if (this.#order.some((index) => isOpen(index) && !answered.has(index))) return this.#order.length;
    const mayAnswer = this.#order.filter((index) => isOpen(index) || isAnswer(this.verdicts[index]));
    const kept = this.#order.filter((index) => answered.has(index) || isAnswer(this.verdicts[index]));
    return mayAnswer.length - leastCount(minReliability, kept.length);
  }

  /** With earlyExit, a candidate that can no longer be reliable enough is not run further. */
  #giveUpEarly(): void {
    if (this.#gaveUp || this.#mayStillMiss() >= 0) return;
    this.#gaveUp = true;
    this.#fillOpen('not-run');
  }

  /** To be called when nothing of the candidate will be run again: now others need not answer its tests. */
  shareAnswers(): void {
    this.verdicts.forEach((verdict, index) => {
      if (isAnswer(verdict)) this.#earlyExit?.answered.add(index);
    });
  }

  #timeout(index: number): void {
    if (!this.#alone) {
      this.isSuspect = true;
      return;
    }
    this.#timeouts += 1;
    this.verdicts[index] = judgeWithoutValue('timeout');
  }

  /** After the run’s last result. */
  end(run: Run, { reason, cpuMs, testMs, outOfMemory, leans }: RunEnd): void {
    if (leans && run.kind === 'beside') this.leaning.add(run.order[0]);
    this.cpuMs += cpuMs;
    // A timeout that is not believed yet is run again: what it cost is not held against the candidate.
    this.#usedMs += this.isSuspect ? Math.max(0, testMs - this.#limits.testTimeoutMs) : testMs;
    if (outOfMemory) this.#replaceCrash(run);
    if (isLoadEnd(reason)) this.#loadEnded(reason, outOfMemory);
    else if (reason === 'budget') this.#budgetSpent();
    else if (reason === 'breach') this.#breached();
    else if (reason === 'heavy') this.#forks = true;
    this.#giveUpEarly();
    if (this.#timeouts >= MAX_TIMEOUTS || this.#usedMs >= this.#limits.candidateTimeoutMs)
      this.#budgetSpent();
  }

  #loadEnded(reason: keyof typeof LOAD_OUTCOMES, outOfMemory: boolean): void {
    if (reason === 'load-timeout' && !this.#alone) {
      this.isSuspect = true;
      return;
    }
    this.#fillOpen(reason === 'load-crash' && outOfMemory ? 'memory' : LOAD_OUTCOMES[reason]);
  }

  #budgetSpent(): void {
    if (this.#alone) {
      this.#fillOpen('timeout');
      return;
    }
    this.isSuspect = true;
    // Everything is run again, with the whole budget.
    this.verdicts.fill(undefined);
    this.ran.clear();
    this.#usedMs = 0;
  }

  #breached(): void {
    this.#breaches += 1;
    if (this.#breaches >= MAX_BREACHES) this.#fillOpen('crash');
  }

  /** The kernel killed it for memory while this run’s last test was at work. */
  #replaceCrash(run: Run): void {
    const done = run.order.filter((index) => this.verdicts[index] !== undefined);
    const last = done[done.length - 1];
    if (last !== undefined && this.verdicts[last]?.outcome === 'crash') {
      this.verdicts[last] = { outcome: 'memory', output: null };
    }
  }

  #fillOpen(outcome: Outcome): void {
    for (const index of this.#order) this.verdicts[index] ??= { outcome, output: null };
  }
}
