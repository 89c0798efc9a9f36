/**
 * What each test is worth, seen from the candidates: a test on which all do the same tells nothing, a flaky one
 * is chance, and an expected value that the largest cluster of equal returned values contradicts is probably
 * wrong. The last is the idea of dual agreement turned on the tests (CodeT, arXiv 2207.10397; a weak model
 * writes half or more of its expected values wrong). Nothing here changes a choice: strategies weigh for
 * themselves.
 */
import type { Cluster } from './clusters.ts';
import { hasBit } from './pass-bits.ts';
import { answerText, type MeasuredCandidate, type Population } from './population.ts';
import type { TestWeighing } from './selection.ts';
import { testIdOf } from './selection-matrix.ts';
import { entryOf, type SignatureKind } from './signature.ts';

/** One candidate alone contradicts nothing. */
const LEAST_WITNESSES = 2;

/** `clusters` are those of all reliable candidates, largest first; `uninformative` tests tell none of them apart. */
export const weighTests = (
  population: Population,
  clusters: readonly Cluster[],
  uninformative: number,
): TestWeighing => {
  const { all, some } = passesOver(population, clusters);
  const { kept } = population;
  const allPass = kept.filter((test) => hasBit(all, 0, test)).length;
  const allFail = kept.filter((test) => !hasBit(some, 0, test)).length;
  return {
    kept: kept.length,
    informative: kept.length - uninformative,
    allPass,
    allFail: clusters.length === 0 ? 0 : allFail,
    flaky: [...population.flakyTests],
    contradicted: contradictedTests(population, clusters),
  };
};

/** Bits of the tests that all clusters pass, and that some cluster passes. */
const passesOver = (
  { passBits: { words, stride } }: Population,
  clusters: readonly Cluster[],
): { all: number[]; some: number[] } => {
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
const contradictedTests = (population: Population, clusters: readonly Cluster[]): string[] => {
  const witness = largestWitnesses(population, clusters)[0];
  if (witness === undefined) return [];
  return failedWithText(witness, population.kept).flatMap((test) => {
    const given = population.tests[test];
    return given === undefined ? [] : [testIdOf(given)];
  });
};

/**
 * The largest group of equal returned values whose answers vary. Members of one outcome cluster pass the same
 * tests, with the value that is expected there, so that only what they fail is compared.
 */
const largestWitnesses = (
  { kept }: Population,
  clusters: readonly Cluster[],
): readonly MeasuredCandidate[] => {
  let largest: readonly MeasuredCandidate[] = [];
  for (const { members } of clusters) {
    if (members.length < LEAST_WITNESSES || members.length <= largest.length) break;
    for (const group of groupsOfEqualFailures(members, kept)) {
      const [first] = group;
      const enough = group.length >= LEAST_WITNESSES && group.length > largest.length;
      if (enough && first !== undefined && isVaried(first, kept)) largest = group;
    }
  }
  return largest;
};

const groupsOfEqualFailures = (
  members: readonly MeasuredCandidate[],
  kept: readonly number[],
): MeasuredCandidate[][] => {
  const [first] = members;
  if (first === undefined) return [];
  const failed = kept.filter((test) => first.outcomes[test] !== 'pass');
  const entries = failed.map((test) => entryOf(first, test));
  const groups = new Map<string, MeasuredCandidate[]>();
  for (const member of members) {
    // Most members agree with the first, which needs no key.
    const agrees = failed.every((test, place) => entryOf(member, test) === entries[place]);
    const key = agrees ? '' : JSON.stringify(failed.map((test) => entryOf(member, test)));
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()];
};

const failedWithText = (candidate: MeasuredCandidate, kept: readonly number[]): number[] =>
  kept.filter((test) => candidate.outcomes[test] === 'fail' && answerText(candidate, test) !== undefined);

const isVaried = (candidate: MeasuredCandidate, kept: readonly number[]): boolean => {
  const [first] = kept;
  if (first === undefined) return false;
  const entry = entryOf(candidate, first);
  return kept.length === 1 || kept.some((test) => entryOf(candidate, test) !== entry);
};

/** Tests kept that tell no two clusters apart. */
export const uninformativeTests = (
  population: Population,
  clusters: readonly Cluster[],
  signature: SignatureKind,
): number => {
  const [first, ...others] = clusters;
  if (first === undefined) return 0;
  const { all, some } = passesOver(population, clusters);
  let uninformative = 0;
  for (const test of population.kept) {
    // Tests with one bit may still have different outputs.
    const isOneBit = hasBit(all, 0, test) === hasBit(some, 0, test);
    const isOne =
      signature === 'outcome'
        ? isOneBit
        : others.every(({ best }) => entryOf(best, test) === entryOf(first.best, test));
    if (isOne) uninformative += 1;
  }
  return uninformative;
};
