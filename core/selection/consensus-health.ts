/** How far the consensus of one problem can be trusted, in numbers. */
import { entropyBits } from '../statistics/entropy.ts';
import type { Cluster } from './clusters.ts';
import type { MeasuredCandidate, Population } from './population.ts';
import type { ConsensusHealth } from './selection.ts';
import { entryOf } from './signature.ts';

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export const consensusHealth = (
  population: Population,
  reliable: readonly MeasuredCandidate[],
  clusters: readonly Cluster[],
): ConsensusHealth => {
  const { candidates, tests, kept } = population;
  const sizes = clusters.map(({ members }) => members.length);
  const [largest = 0, second = 0] = sizes;
  return {
    candidates: candidates.length,
    reliable: reliable.length,
    clusters: clusters.length,
    largestShare: ratio(largest, candidates.length),
    margin: ratio(largest - second, candidates.length),
    entropyBits: entropyBits(sizes),
    droppedTestRate: ratio(tests.length - kept.length, tests.length),
    uninformativeTestRate: ratio(kept.filter((test) => isUninformative(test, reliable)).length, kept.length),
    flakyRate: ratio(countFlaky(candidates), candidates.length * tests.length),
  };
};

/** A test on which all agree tells no two candidates apart. */
const isUninformative = (test: number, reliable: readonly MeasuredCandidate[]): boolean => {
  const [first, ...others] = reliable;
  if (first === undefined) return false;
  return others.every(
    (other) => entryOf(other, test) === entryOf(first, test) && other.outcomes[test] === first.outcomes[test],
  );
};

const countFlaky = (candidates: readonly MeasuredCandidate[]): number => {
  let flaky = 0;
  for (const { outcomes } of candidates) for (const outcome of outcomes) if (outcome === 'flaky') flaky += 1;
  return flaky;
};
