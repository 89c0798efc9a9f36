/** What candidates must share to count as agreeing. */
import { answerText, type MeasuredCandidate, type Population } from './population.ts';

/** outcome: pass bits (the paper’s); output: the returned values, which need no expected value. */
export type SignatureKind = 'outcome' | 'output';

export type Signature = string | string[];

export type Signer = {
  /** Equal for equal signatures; unequal ones may share it. */
  hashOf(candidate: MeasuredCandidate): number;
  areEqual(a: MeasuredCandidate, b: MeasuredCandidate): boolean;
  signatureOf(candidate: MeasuredCandidate): Signature;
};

/**
 * Most candidates of a problem share their signature with others, so that they are compared by hash and cell,
 * and the signature itself is written once a cluster.
 */
export const signer = (population: Population, kind: SignatureKind): Signer =>
  kind === 'output' ? outputSigner(population) : outcomeSigner(population);

/** What a candidate did on one test: the text of its answer, else the name of the outcome. */
export const entryOf = (candidate: MeasuredCandidate, test: number): string =>
  answerText(candidate, test) ?? candidate.outcomes[test] ?? 'not-run';

/** One entry for each test kept. A dropped test holds no answer and so tells nothing apart. */
const outputSigner = ({ kept }: Population): Signer => ({
  hashOf: (candidate) => {
    let hash = 0;
    for (const test of kept) hash = mix(hash, sketchOf(entryOf(candidate, test)));
    return hash;
  },
  areEqual: (a, b) => {
    for (const test of kept) if (entryOf(a, test) !== entryOf(b, test)) return false;
    return true;
  },
  signatureOf: (candidate) => kept.map((test) => entryOf(candidate, test)),
});

/** One character a test in the order of tests: 1 passed, 0 not, - dropped. */
const outcomeSigner = ({ tests, kept }: Population): Signer => ({
  hashOf: ({ outcomes }) => {
    let hash = 0;
    for (const test of kept) hash = mix(hash, outcomes[test] === 'pass' ? 1 : 0);
    return hash;
  },
  areEqual: (a, b) => {
    for (const test of kept) {
      if ((a.outcomes[test] === 'pass') !== (b.outcomes[test] === 'pass')) return false;
    }
    return true;
  },
  signatureOf: ({ outcomes }) => {
    const bits = tests.map(() => '-');
    for (const test of kept) bits[test] = outcomes[test] === 'pass' ? '1' : '0';
    return bits.join('');
  },
});

/** A step of FNV-1a (Fowler, Noll and Vo) over words instead of bytes. */
const mix = (hash: number, word: number): number => (Math.imul(hash ^ word, 0x01000193) + 0x9e3779b9) | 0;

/** Length and ends: texts that differ mostly differ there, and the middle of a long one is not read. */
const sketchOf = (text: string): number =>
  (text.length << 16) ^ (text.charCodeAt(0) << 8) ^ text.charCodeAt(text.length - 1);
