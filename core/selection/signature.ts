/** What candidates must share to count as agreeing. */
import { answerText, type MeasuredCandidate, type Population } from './population.ts';

/** outcome: pass bits (the paper’s); output: the returned values, which need no expected value. */
export type SignatureKind = 'outcome' | 'output';

export type Signature = string | string[];

/** One character a test in the order of tests: 1 passed, 0 not, - dropped. */
export const outcomeSignature = ({ outcomes }: MeasuredCandidate, isKept: readonly boolean[]): string => {
  let bits = '';
  for (let test = 0; test < outcomes.length; test += 1) {
    bits += isKept[test] ? (outcomes[test] === 'pass' ? '1' : '0') : '-';
  }
  return bits;
};

/** What a candidate did on one test: the text of its answer, else the name of the outcome. */
export const entryOf = (candidate: MeasuredCandidate, test: number): string =>
  answerText(candidate, test) ?? candidate.outcomes[test] ?? 'not-run';

/** The entries of the tests kept. A dropped test holds no answer and so tells nothing apart. */
export const outputSignature = (candidate: MeasuredCandidate, kept: readonly number[]): string[] =>
  kept.map((test) => entryOf(candidate, test));

/** Gives each candidate its signature and a key that is equal for equal signatures only. */
export const signer = (
  population: Population,
  kind: SignatureKind,
): ((candidate: MeasuredCandidate) => { key: string; signature: Signature }) => {
  if (kind === 'output') {
    return (candidate) => {
      const signature = outputSignature(candidate, population.kept);
      return { key: JSON.stringify(signature), signature };
    };
  }
  const kept = new Set(population.kept);
  const isKept = population.tests.map((_, test) => kept.has(test));
  return (candidate) => {
    const signature = outcomeSignature(candidate, isKept);
    return { key: signature, signature };
  };
};
