/**
 * One candidate’s way through its tests: what to run next, and what a run’s end means. Pure, so that every rule
 * about timeouts, crashes and budgets is decided and tested here, outside of any container.
 */
import type { LimitsConfig } from '../config/campaign-config.ts';
import type { Outcome } from './batch.ts';
import { type EarlyExit, isOut, type Worth, worthOf } from './early-exit.ts';
import { ClaimJudge, judgeWithoutValue, type ResultKind, type Verdict } from './judge-claim.ts';
import type { PreparedTest } from './prepared-test.ts';

/** Timeouts after which the rest is not run. */
const MAX_TIMEOUTS = 2;
/** Each costs a container. */
const MAX_BREACHES = 3;

export type Run =
  | ({
      readonly kind: 'calls';
      readonly order: readonly number[];
      readonly candidateMs: number;
      /** The module is loaded once, and each test has a process of its own. */
      readonly forks: boolean;
    } & Worth)
  | { readonly kind: 'beside' | 'inside'; readonly order: readonly [number]; readonly candidateMs: number };

/** Why a run ended (supervision.py). */
export type EndReason =
  | 'finished'
  | 'stopped'
  | 'budget'
  | 'dirty'
  | 'heavy'
  | 'enough'
  /** Not run: the container is about to be replaced. */
  | 'skipped'
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
  #timedOut: number[] = [];
  #breaches = 0;
  #forks: boolean;
  #gaveUp = false;
  /** In which the rules about timeouts, budgets and breaches are applied, whatever the order of running. */
  readonly #reference: readonly number[];
  #order: readonly number[];
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
    this.#reference = order;
    this.#order = earlyExit?.order ?? order;
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
      ...worthOf(this.#earlyExit, this.verdicts, order),
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

  /** With earlyExit, a candidate that can no longer be reliable enough is not run further. */
  #giveUpEarly(): void {
    if (this.#gaveUp || !isOut(this.#earlyExit, this.verdicts)) return;
    this.#gaveUp = true;
    this.#fillOpen('not-run');
  }

  #timeout(index: number): void {
    if (!this.#alone) {
      this.isSuspect = true;
      return;
    }
    this.#timedOut.push(index);
    this.verdicts[index] = judgeWithoutValue('timeout');
  }

  /** After the run’s last result. */
  end(run: Run, { reason, cpuMs, testMs, outOfMemory, leans }: RunEnd): void {
    if (leans && run.kind === 'beside') this.leaning.add(run.order[0]);
    this.cpuMs += cpuMs;
    // A timeout that is not believed yet is run again: what it cost is not held against the candidate.
    this.#usedMs += this.isSuspect ? Math.max(0, testMs - this.#limits.testTimeoutMs) : testMs;
    if (this.#gaveUp) return;
    if (outOfMemory) this.#replaceCrash(run);
    if (isLoadEnd(reason)) this.#loadEnded(reason, outOfMemory);
    else if (reason === 'budget') this.#budgetSpent();
    else if (reason === 'breach') this.#breached();
    else if (reason === 'heavy') this.#forks = true;
    this.#giveUpEarly();
    if (this.#gaveUp) return;
    if (this.#usedMs >= this.#limits.candidateTimeoutMs) this.#budgetSpent();
    else if (this.#timedOut.length >= MAX_TIMEOUTS) this.#endAtLastTimeout();
  }

  #loadEnded(reason: keyof typeof LOAD_OUTCOMES, outOfMemory: boolean): void {
    if (reason === 'load-timeout' && !this.#alone) {
      this.isSuspect = true;
      return;
    }
    if (this.verdicts.some((verdict) => verdict !== undefined) && this.#startsInReference()) return;
    this.#fillOpen(reason === 'load-crash' && outOfMemory ? 'memory' : LOAD_OUTCOMES[reason]);
  }

  #budgetSpent(): void {
    if (!this.#alone) this.isSuspect = true;
    if (this.#startsInReference()) return;
    if (this.#alone) this.#fillOpen('timeout');
    // Everything is run again, with the whole budget.
    else this.#startAgain();
  }

  #breached(): void {
    if (this.#startsInReference()) return;
    this.#breaches += 1;
    if (this.#breaches >= MAX_BREACHES) this.#fillOpen('crash');
  }

  /** What is lost when the budget is spent, or a breach comes, depends on what ran before: that order must be the tests' own. */
  #startsInReference(): boolean {
    if (this.#order === this.#reference) return false;
    this.#order = this.#reference;
    this.#startAgain();
    return true;
  }

  #startAgain(): void {
    this.verdicts.fill(undefined);
    this.ran.clear();
    this.#usedMs = 0;
    this.#timedOut = [];
    this.#breaches = 0;
  }

  /** In the tests' own order nothing runs after the last timeout that is allowed; what did run is forgotten. */
  #endAtLastTimeout(): void {
    const places = this.#timedOut.map((index) => this.#reference.indexOf(index)).sort((a, b) => a - b);
    const last = places[MAX_TIMEOUTS - 1] ?? this.#reference.length;
    for (const index of this.#reference.slice(last + 1)) this.verdicts[index] = judgeWithoutValue('timeout');
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
