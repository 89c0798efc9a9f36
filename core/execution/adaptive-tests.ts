/**
 * Which tests a candidate still has to run, and in which order, without changing what is selected. A candidate that
 * can no longer reach `minReliability` is run only on tests that nobody has answered yet: whether such a test is
 * kept depends on it, and every e(r) depends on which tests are kept.
 */
import type { SelectionConfig } from '../config/campaign-config.ts';
import { entropyBits } from '../statistics/entropy.ts';
import { leastCount } from '../statistics/least-count.ts';
import type { Outcome } from './batch.ts';

type Settings = Pick<SelectionConfig, 'reliability' | 'minReliability' | 'maxFlakyShare'>;

/** What a candidate did on a test: its outcome, and the text that it returned. */
export type Verdict = { outcome: Outcome; output: string | null };

/** With maxFlakyShare every candidate counts for every test, reliable or not, so that none may be cut short. */
export const allowsEarlyExit = ({ maxFlakyShare }: Pick<Settings, 'maxFlakyShare'>): boolean =>
  maxFlakyShare >= 1;

export class AdaptiveTests {
  readonly #tests: number;
  readonly #settings: Settings;
  readonly #misses: number[];
  readonly #answered: boolean[];
  readonly #entries: Map<string, number>[];

  constructor(tests: number, settings: Settings) {
    this.#tests = tests;
    this.#settings = settings;
    this.#misses = Array.from({ length: tests }, () => 0);
    this.#answered = Array.from({ length: tests }, () => false);
    this.#entries = Array.from({ length: tests }, () => new Map());
  }

  /** What a candidate did; every verdict is told once, as soon as it is known. */
  add(test: number, { outcome, output }: Verdict): void {
    if (isAnswer(outcome)) this.#answered[test] = true;
    if (this.#isMiss(outcome)) this.#misses[test] = (this.#misses[test] ?? 0) + 1;
    const entry = output ?? outcome;
    const entries = this.#entries[test];
    entries?.set(entry, (entries.get(entry) ?? 0) + 1);
  }

  /**
   * For the next candidate: first the tests on which most were unreliable, which rule out soonest; of equal ones
   * those whose answers split the candidates most, by entropy; then their order.
   */
  order(): number[] {
    const splits = this.#entries.map((entries) => entropyBits([...entries.values()].sort((a, b) => a - b)));
    return Array.from({ length: this.#tests }, (_, test) => test).sort(
      (a, b) =>
        (this.#misses[b] ?? 0) - (this.#misses[a] ?? 0) || (splits[b] ?? 0) - (splits[a] ?? 0) || a - b,
    );
  }

  /** Follows one candidate; it needs no more than `next` says. */
  candidate(): CandidateTests {
    return new CandidateTests(this.order(), {
      isAnswered: (test) => this.#answered[test] === true,
      isMiss: (outcome) => this.#isMiss(outcome),
      // All tests kept is the most lenient case: e(r) ≤ 1 − misses / tests.
      mayMiss: this.#tests - leastCount(this.#settings.minReliability, this.#tests),
      canStop: allowsEarlyExit(this.#settings),
    });
  }

  #isMiss(outcome: Outcome): boolean {
    return this.#settings.reliability === 'executes' ? !isAnswer(outcome) : outcome !== 'pass';
  }
}

type Shared = {
  isAnswered(test: number): boolean;
  isMiss(outcome: Outcome): boolean;
  mayMiss: number;
  canStop: boolean;
};

class CandidateTests {
  readonly #left: number[];
  readonly #missed: number[] = [];
  readonly #shared: Shared;

  constructor(order: readonly number[], shared: Shared) {
    this.#left = [...order];
    this.#shared = shared;
  }

  /** The test to run now; undefined where the rest may stay `not-run`. */
  next(): number | undefined {
    if (!this.#isRuledOut()) return this.#left.shift();
    const unknown = this.#left.findIndex((test) => !this.#shared.isAnswered(test));
    return unknown < 0 ? undefined : this.#left.splice(unknown, 1)[0];
  }

  /** What came of the test that `next` gave. */
  ran(test: number, outcome: Outcome): void {
    if (this.#shared.isMiss(outcome)) this.#missed.push(test);
  }

  /** A miss counts once somebody has answered the test: only then is it certainly kept. */
  #isRuledOut(): boolean {
    if (!this.#shared.canStop) return false;
    return this.#missed.filter((test) => this.#shared.isAnswered(test)).length > this.#shared.mayMiss;
  }
}

const isAnswer = (outcome: Outcome): boolean => outcome === 'pass' || outcome === 'fail';
