/** How much of the population stands behind each answer of a candidate, test by test. */
import { entropyBits } from '../../statistics/entropy.ts';
import { isAnswer, type MeasuredCandidate } from '../population.ts';
import { entryOf, type SignatureKind } from '../signature.ts';

export type TestVote = {
  test: number;
  /** Entropy of the entries in bits: a test on which all agree tells nothing and weighs 0. */
  weight: number;
  /** Share of the reliable candidates that have the candidate’s entry; 0 where it has no answer. */
  supportOf(candidate: MeasuredCandidate): number;
};

/** Where every test weighs 0, all weigh the same. */
export const testVotes = (
  kept: readonly number[],
  reliable: readonly MeasuredCandidate[],
  signature: SignatureKind,
): TestVote[] => {
  const entry = (candidate: MeasuredCandidate, test: number): string =>
    signature === 'output' ? entryOf(candidate, test) : candidate.outcomes[test] === 'pass' ? '1' : '0';
  const votes = kept.map((test) => {
    const counts = new Map<string, number>();
    for (const candidate of reliable) {
      const text = entry(candidate, test);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    return {
      test,
      weight: entropyBits([...counts.values()].sort((a, b) => a - b)),
      supportOf: (candidate: MeasuredCandidate) =>
        isAnswer(candidate.outcomes[test]) ? (counts.get(entry(candidate, test)) ?? 0) / reliable.length : 0,
    };
  });
  return votes.some(({ weight }) => weight > 0) ? votes : votes.map((vote) => ({ ...vote, weight: 1 }));
};
