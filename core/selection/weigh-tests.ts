/**
 * What each test is worth, seen from the candidates: a test on which all do the same tells nothing, a flaky one
 * is chance, and an expected value that the largest cluster of equal returned values contradicts is probably
 * wrong. The last is the idea of dual agreement turned on the tests (CodeT, arXiv 2207.10397; a weak model
 * writes half or more of its expected values wrong). Nothing here changes a choice: strategies weigh for
 * themselves.
 */
import { type Cluster, groupEqual } from './clusters.ts';
import { countBits } from './pass-bits.ts';
import { answerText, type MeasuredCandidate, type Population } from './population.ts';
import type { TestWeighing } from './selection.ts';
import { testIdOf } from './selection-matrix.ts';
import { entryEquality, entryOf, onlyEntryOf, type SignatureKind } from './signature.ts';

/** One candidate alone contradicts nothing. */
const LEAST_WITNESSES = 2;

/** Every reliable candidate is in one of the `clusters`, largest first, grouped by `signature`. */
export const weighTests = (
  population: Population,
  clusters: readonly Cluster[],
  signature: SignatureKind,
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
    contradicted: contradictedTests(population, clusters, signature),
  };
};

/** Of the tests that all clusters pass, and that some cluster passes; a dropped test is in neither. */
type Passes = { all: number[]; some: number[] };

const countAll = (words: readonly number[]): number => words.reduce((sum, word) => sum + countBits(word), 0);

const passesOver = ({ passBits: { words, stride } }: Population, clusters: readonly Cluster[]): Passes => {
  const some = words.slice(0, stride).fill(0);
  const all = [...some].fill(clusters.length === 0 ? 0 : -1);
  for (const { best } of clusters) {
    for (let word = 0; word < stride; word += 1) {
      const passing = words[best.position * stride + word] ?? 0;
      all[word] = (all[word] ?? 0) & passing;
      some[word] = (some[word] ?? 0) | passing;
    }
  }
  return { all, some };
};

/** Tests that the largest group of candidates who return the same answers with another value than the expected one. */
const contradictedTests = (
  population: Population,
  clusters: readonly Cluster[],
  signature: SignatureKind,
): string[] => {
  const witness = largestWitnesses(population, clusters, signature)[0];
  if (witness === undefined) return [];
  return failedWithText(witness, population.kept).flatMap((test) => {
    const given = population.tests[test];
    return given === undefined ? [] : [testIdOf(given)];
  });
};

/** The largest group of equal returned values whose answers vary. */
const largestWitnesses = (
  { kept }: Population,
  clusters: readonly Cluster[],
  signature: SignatureKind,
): readonly MeasuredCandidate[] => {
  let largest: readonly MeasuredCandidate[] = [];
  for (const { members } of clusters) {
    if (members.length < LEAST_WITNESSES || members.length <= largest.length) break;
    const groups = signature === 'output' ? [members] : groupsOfEqualFailures(members, kept);
    for (const group of groups) {
      const [first] = group;
      const enough = group.length >= LEAST_WITNESSES && group.length > largest.length;
      if (enough && first !== undefined && isVaried(first, kept)) largest = group;
    }
  }
  return largest;
};

/**
 * Members of one outcome cluster pass the same tests, with the value that is expected there, so that only what
 * they fail is compared.
 */
const groupsOfEqualFailures = (
  members: readonly MeasuredCandidate[],
  kept: readonly number[],
): MeasuredCandidate[][] => {
  const [first] = members;
  return groupEqual(members, entryEquality(kept.filter((test) => first?.outcomes[test] !== 'pass')));
};

const failedWithText = (candidate: MeasuredCandidate, kept: readonly number[]): number[] =>
  kept.filter((test) => candidate.outcomes[test] === 'fail' && answerText(candidate, test) !== undefined);

const isVaried = (candidate: MeasuredCandidate, kept: readonly number[]): boolean =>
  kept.length === 1 || (kept.length > 1 && onlyEntryOf(candidate, kept) === undefined);

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
  return kept.filter((test) => {
    const entry = entryOf(first.best, test);
    return others.some(({ best }) => entryOf(best, test) !== entry);
  }).length;
};
