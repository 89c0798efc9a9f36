/** What candidates must share to count as agreeing. */
import type { Equality } from './group-equal.ts';
import { textOfBits } from './pass-bits.ts';
import { answerText, type MeasuredCandidate, type Population } from './population.ts';

/** outcome: pass bits (the paper’s); output: the returned values, which need no expected value. */
export type SignatureKind = 'outcome' | 'output';

export type Signature = string | string[];

export type Signer = Equality<MeasuredCandidate> & {
  signatureOf(candidate: MeasuredCandidate): Signature;
};

/**
 * Most candidates of a problem share their signature with others, so that they are compared by hash and cell,
 * and the signature itself is written once a cluster.
 */
export const signer = (population: Population, kind: SignatureKind): Signer =>
  kind === 'output' ? new OutputSigner(population.kept) : new OutcomeSigner(population);

/** What a candidate did on one test: the text of its answer, else the name of the outcome. */
export const entryOf = (candidate: MeasuredCandidate, test: number): string =>
  answerText(candidate, test) ?? candidate.outcomes[test] ?? 'not-run';

/** The entry that a candidate has for every one of the tests; undefined where entries differ, or there are no tests. */
export const onlyEntryOf = (candidate: MeasuredCandidate, tests: readonly number[]): string | undefined => {
  const [first] = tests;
  if (first === undefined) return undefined;
  const entry = entryOf(candidate, first);
  return tests.every((test) => entryOf(candidate, test) === entry) ? entry : undefined;
};

/** Equal entries on all the tests. */
export class EntryEquality implements Equality<MeasuredCandidate> {
  protected readonly tests: readonly number[];
  private readonly hashed: readonly number[];

  constructor(tests: readonly number[]) {
    const stride = Math.ceil(tests.length / HASHED_TEXTS);
    this.tests = tests;
    this.hashed = tests.filter((_, place) => place % stride === 0);
  }

  hashOf(candidate: MeasuredCandidate): number {
    let hash = 0;
    for (const test of this.hashed) hash = mixHash(hash, sketchOf(entryOf(candidate, test)));
    return hash;
  }

  fullHashOf(candidate: MeasuredCandidate): number {
    let hash = 0;
    for (const test of this.tests) {
      const entry = entryOf(candidate, test);
      hash = mixHash(hash, entry.length);
      for (let at = 0; at < entry.length; at += 1) hash = mixHash(hash, entry.charCodeAt(at));
    }
    return hash;
  }

  areEqual(a: MeasuredCandidate, b: MeasuredCandidate): boolean {
    const { tests } = this;
    const { outcomes, outputs = NO_OUTPUTS } = a;
    const { outcomes: otherOutcomes, outputs: otherOutputs = NO_OUTPUTS } = b;
    // By index: most of a selection's time is spent here.
    for (let place = 0; place < tests.length; place += 1) {
      const test = tests[place] ?? 0;
      const isSame = outcomes[test] === otherOutcomes[test] && outputs[test] === otherOutputs[test];
      if (!isSame && entryOf(a, test) !== entryOf(b, test)) return false;
    }
    return true;
  }
}

const NO_OUTPUTS: readonly null[] = [];

/** One entry for each test kept. A dropped test holds no answer and so tells nothing apart. */
class OutputSigner extends EntryEquality implements Signer {
  signatureOf(candidate: MeasuredCandidate): string[] {
    return this.tests.map((test) => entryOf(candidate, test));
  }
}

/** One character a test in the order of tests: 1 passed, 0 not, - dropped. */
class OutcomeSigner implements Signer {
  private readonly words: readonly number[];
  private readonly stride: number;
  private readonly tests: number;
  private readonly dropped: readonly number[];

  constructor({ tests, kept, passBits }: Population) {
    this.words = passBits.words;
    this.stride = passBits.stride;
    this.tests = tests.length;
    this.dropped = kept.length === tests.length ? [] : droppedTests(tests.length, kept);
  }

  hashOf({ position }: MeasuredCandidate): number {
    const { words, stride } = this;
    let hash = 0;
    for (let at = position * stride; at < (position + 1) * stride; at += 1)
      hash = mixHash(hash, words[at] ?? 0);
    return hash;
  }

  fullHashOf(candidate: MeasuredCandidate): number {
    return this.hashOf(candidate);
  }

  areEqual(a: MeasuredCandidate, b: MeasuredCandidate): boolean {
    const { words, stride } = this;
    for (let word = 0; word < stride; word += 1) {
      if (words[a.position * stride + word] !== words[b.position * stride + word]) return false;
    }
    return true;
  }

  signatureOf({ position }: MeasuredCandidate): string {
    const bits = textOfBits(this.words, position * this.stride, this.tests);
    if (this.dropped.length === 0) return bits;
    const characters = [...bits];
    for (const test of this.dropped) characters[test] = '-';
    return characters.join('');
  }
}

const droppedTests = (tests: number, kept: readonly number[]): number[] => {
  const counted = new Set(kept);
  return Array.from({ length: tests }, (_, test) => test).filter((test) => !counted.has(test));
};

/** Texts that a hash reads: enough to part clusters; those that it does not part are compared in full. */
const HASHED_TEXTS = 8;

/** A step of FNV-1a (Fowler, Noll and Vo) over words instead of bytes. */
const mixHash = (hash: number, word: number): number => (Math.imul(hash ^ word, 0x01000193) + 0x9e3779b9) | 0;

/** Length and ends: texts that differ mostly differ there, and the middle of a long one is not read. */
const sketchOf = (text: string): number =>
  (text.length << 16) ^ (text.charCodeAt(0) << 8) ^ text.charCodeAt(text.length - 1);
