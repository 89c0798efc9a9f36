/**
 * How much of the population stands behind each answer of a candidate, test by test: the expected agreement of
 * minimum Bayes risk decoding over executions (MBR-Exec, Shi et al., arXiv 2204.11454), each test weighed by Shannon's
 * entropy of its answers (ours).
 */
import { entropyBits } from '../../statistics/entropy.ts';
import type { Cluster } from '../clusters.ts';
import { compareIds, isAnswer, type MeasuredCandidate } from '../population.ts';
import { entryOf, type SignatureKind } from '../signature.ts';

export type TestVote = {
  test: number;
  /** Entropy of the entries in bits: a test on which all agree tells nothing and weighs 0. */
  weight: number;
  /** Whether the answer that most give passes; undefined where none is given. */
  favouritePasses: boolean | undefined;
  /** Share of the reliable candidates that have the candidate’s entry; 0 where it has no answer. */
  supportOf(candidate: MeasuredCandidate): number;
};

type Entry = { text: string; count: number; isAnswer: boolean; passes: boolean };

/**
 * `clusters` are those of all reliable candidates, grouped by `signature`: the members of one have the same
 * entries. Where every test weighs 0, all weigh the same.
 */
export const testVotes = (
  kept: readonly number[],
  clusters: readonly Cluster[],
  signature: SignatureKind,
): TestVote[] => {
  const voters = clusters.reduce((sum, { members }) => sum + members.length, 0);
  const entry = (candidate: MeasuredCandidate, test: number): string =>
    signature === 'output' ? entryOf(candidate, test) : candidate.outcomes[test] === 'pass' ? '1' : '0';
  const votes = kept.map((test): TestVote => {
    const entries = new Map<string, Entry>();
    for (const { best, members } of clusters) {
      const text = entry(best, test);
      const known = entries.get(text);
      if (known) known.count += members.length;
      else {
        const outcome = best.outcomes[test];
        const passes = outcome === 'pass';
        entries.set(text, { text, count: members.length, isAnswer: isAnswer(outcome), passes });
      }
    }
    return {
      test,
      weight: entropyBits([...entries.values()].map(({ count }) => count).sort((a, b) => a - b)),
      favouritePasses: favouriteOf([...entries.values()])?.passes,
      supportOf: (candidate) =>
        isAnswer(candidate.outcomes[test]) ? (entries.get(entry(candidate, test))?.count ?? 0) / voters : 0,
    };
  });
  return votes.some(({ weight }) => weight > 0) ? votes : votes.map((vote) => ({ ...vote, weight: 1 }));
};

const compareEntries = (a: Entry, b: Entry): number =>
  b.count - a.count || Number(b.passes) - Number(a.passes) || compareIds(a.text, b.text);

/** The answer that most give; of equally frequent ones one that passes, then the smallest text. */
const favouriteOf = (entries: readonly Entry[]): Entry | undefined => {
  let favourite: Entry | undefined;
  for (const entry of entries) {
    if (!entry.isAnswer) continue;
    if (favourite === undefined || compareEntries(entry, favourite) < 0) favourite = entry;
  }
  return favourite;
};
