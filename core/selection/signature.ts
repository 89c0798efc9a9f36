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

const haveEqualEntries = (a: MeasuredCandidate, b: MeasuredCandidate, tests: readonly number[]): boolean => {
  for (const test of tests) {
    const isSame = a.outcomes[test] === b.outcomes[test] && a.outputs?.[test] === b.outputs?.[test];
    if (!isSame && entryOf(a, test) !== entryOf(b, test)) return false;
  }
  return true;
};

/** One entry for each test kept. A dropped test holds no answer and so tells nothing apart. */
const outputSigner = ({ kept }: Population): Signer => {
  const stride = Math.ceil(kept.length / HASHED_TEXTS);
  const hashed = kept.filter((_, place) => place % stride === 0);
  return {
    hashOf: (candidate) => {
      let hash = 0;
      for (const test of hashed) hash = mixHash(hash, sketchOf(entryOf(candidate, test)));
      return hash;
    },
    areEqual: (a, b) => haveEqualEntries(a, b, kept),
    signatureOf: (candidate) => kept.map((test) => entryOf(candidate, test)),
  };
};

/** One character a test in the order of tests: 1 passed, 0 not, - dropped. */
const outcomeSigner = ({ tests, kept, passBits: { words, stride } }: Population): Signer => ({
  hashOf: ({ position }) => {
    let hash = 0;
    for (let at = position * stride; at < (position + 1) * stride; at += 1)
      hash = mixHash(hash, words[at] ?? 0);
    return hash;
  },
  areEqual: (a, b) => {
    for (let word = 0; word < stride; word += 1) {
      if (words[a.position * stride + word] !== words[b.position * stride + word]) return false;
    }
    return true;
  },
  signatureOf: ({ outcomes }) => {
    const codes = tests.map(() => DROPPED);
    for (const test of kept) codes[test] = outcomes[test] === 'pass' ? PASSED : NOT_PASSED;
    return textOfCodes(codes);
  },
});

const [DROPPED, PASSED, NOT_PASSED] = [45, 49, 48];

/** Arguments of one call are limited. */
const CODES_AT_ONCE = 8192;

const textOfCodes = (codes: readonly number[]): string => {
  let text = '';
  for (let from = 0; from < codes.length; from += CODES_AT_ONCE)
    text += String.fromCharCode(...codes.slice(from, from + CODES_AT_ONCE));
  return text;
};

/** Texts that a hash reads: enough to part clusters; those that it does not part are compared in full. */
const HASHED_TEXTS = 16;

/** A step of FNV-1a (Fowler, Noll and Vo) over words instead of bytes. */
const mixHash = (hash: number, word: number): number => (Math.imul(hash ^ word, 0x01000193) + 0x9e3779b9) | 0;

/** Length and ends: texts that differ mostly differ there, and the middle of a long one is not read. */
const sketchOf = (text: string): number =>
  (text.length << 16) ^ (text.charCodeAt(0) << 8) ^ text.charCodeAt(text.length - 1);
