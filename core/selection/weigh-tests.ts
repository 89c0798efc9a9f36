/**
 * What each test is worth, seen from the candidates: a test on which all do the same tells nothing, a flaky one
 * is chance, and an expected value that witnesses contradict is probably wrong (witnesses.ts). Nothing here changes
 * a choice: strategies weigh for themselves.
 */
import type { Cluster } from './clusters.ts';
import { countBits } from './pass-bits.ts';
import type { MeasuredCandidate, Population } from './population.ts';
import type { TestWeighing } from './selection.ts';
import { entryOf, type SignatureKind } from './signature.ts';
import type { Witnesses } from './witnesses.ts';

/** Every reliable candidate is in one of the `clusters`, largest first, grouped by `signature`. */
export const weighTests = (
  population: Population,
  clusters: readonly Cluster[],
  signature: SignatureKind,
  witnesses: ReadonlyMap<MeasuredCandidate, Witnesses>,
): TestWeighing => {
  const passes = passesOver(population, clusters);
  const { kept } = population;
  return {
    kept: kept.length,
    informative:
      clusters.length === 0 ? kept.length : informativeTests(population, clusters, signature, passes),
    allPass: countAll(passes.all),
    allFail: clusters.length === 0 ? 0 : kept.length - countAll(passes.some),
    flaky: [...population.flakyTests],
    contradicted: contradictedTests(clusters, witnesses),
  };
};

/** Of the tests that all clusters pass, and that some cluster passes; a dropped test is in neither. */
type Passes = { all: number[]; some: number[] };

const countAll = (words: readonly number[]): number => {
  let sum = 0;
  for (const word of words) sum += countBits(word);
  return sum;
};

const passesOver = ({ passBits: { words, stride } }: Population, clusters: readonly Cluster[]): Passes => {
  const some = words.slice(0, stride).fill(0);
  const all = [...some].fill(clusters.length === 0 ? 0 : -1);
  for (const { best } of clusters) {
    const first = best.position * stride;
    for (let word = 0; word < stride; word += 1) {
      const passing = words[first + word] ?? 0;
      all[word] = (all[word] ?? 0) & passing;
      some[word] = (some[word] ?? 0) | passing;
    }
  }
  return { all, some };
};

/** By the largest witnesses; of equal ones those in the first cluster. */
const contradictedTests = (
  clusters: readonly Cluster[],
  witnesses: ReadonlyMap<MeasuredCandidate, Witnesses>,
): string[] => {
  let largest: Witnesses | undefined;
  if (witnesses.size === 0) return [];
  for (const { members } of clusters) {
    if (members.length <= (largest?.members ?? 0)) break;
    const [first] = members;
    const found = first && witnesses.get(first);
    if (found && found.members > (largest?.members ?? 0)) largest = found;
  }
  return [...(largest?.contradicted ?? [])];
};

/** Tests kept that tell two clusters apart. */
const informativeTests = (
  { kept }: Population,
  clusters: readonly Cluster[],
  signature: SignatureKind,
  { all, some }: Passes,
): number => {
  if (signature === 'outcome') return countAll(some) - countAll(all);
  const [first, ...others] = clusters;
  if (first === undefined) return 0;
  let informative = 0;
  for (const test of kept) {
    const entry = entryOf(first.best, test);
    if (others.some(({ best }) => entryOf(best, test) !== entry)) informative += 1;
  }
  return informative;
};
