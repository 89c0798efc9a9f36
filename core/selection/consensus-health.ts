/** How far the consensus of one problem can be trusted, in numbers. */
import { entropyBits } from '../statistics/entropy.ts';
import type { Cluster } from './clusters.ts';
import type { MeasuredCandidate, Population } from './population.ts';
import type { ConsensusHealth } from './selection.ts';

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
    uninformativeTestRate: ratio(uninformativeTests(population, clusters), kept.length),
    flakyRate: ratio(countFlaky(candidates), candidates.length * tests.length),
  };
};

/** Tests kept that tell no two clusters apart. */
const uninformativeTests = ({ kept }: Population, clusters: readonly Cluster[]): number => {
  const [first, ...others] = clusters.map(({ signature }) => signature);
  if (first === undefined) return 0;
  // An outcome signature has a place for every test, an output signature one for each test kept.
  return kept.filter((test, position) => {
    const at = typeof first === 'string' ? test : position;
    return others.every((other) => other[at] === first[at]);
  }).length;
};

const countFlaky = (candidates: readonly MeasuredCandidate[]): number => {
  let flaky = 0;
  for (const { outcomes } of candidates) for (const outcome of outcomes) if (outcome === 'flaky') flaky += 1;
  return flaky;
};
