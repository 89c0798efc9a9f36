/**
 * How far the consensus of one problem can be trusted, in numbers: share and margin of the largest cluster, as in
 * self-consistency's votes (Wang et al., arXiv 2203.11171), Shannon's entropy of the clusters' sizes as in semantic
 * entropy (Kuhn, Gal and Farquhar, arXiv 2302.09664), and rates of tests that tell nothing (ours).
 */
import { entropyBits } from '../statistics/entropy.ts';
import type { Cluster } from './clusters.ts';
import type { MeasuredCandidate, Population } from './population.ts';
import type { ConsensusHealth } from './selection.ts';

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export const consensusHealth = (
  { candidates, tests, kept }: Population,
  reliable: readonly MeasuredCandidate[],
  clusters: readonly Cluster[],
  uninformative: number,
): ConsensusHealth => {
  const sizes = clusters.map(({ members }) => members.length);
  const [largest = 0, second = 0] = sizes;
  const flaky = candidates.reduce((sum, candidate) => sum + candidate.flaky, 0);
  return {
    candidates: candidates.length,
    reliable: reliable.length,
    clusters: clusters.length,
    largestShare: ratio(largest, candidates.length),
    margin: ratio(largest - second, candidates.length),
    entropyBits: entropyBits(sizes),
    droppedTestRate: ratio(tests.length - kept.length, tests.length),
    uninformativeTestRate: ratio(uninformative, kept.length),
    degenerateTestRate: ratio(tests.length - kept.length + uninformative, tests.length),
    flakyRate: ratio(flaky, candidates.length * tests.length),
  };
};
