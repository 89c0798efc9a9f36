/**
 * What each test is worth, seen from the candidates: a test on which all do the same tells nothing, a flaky one
 * is chance, and an expected value that the largest cluster of equal returned values contradicts is probably
 * wrong. The last is the idea of dual agreement turned on the tests (CodeT, arXiv 2207.10397; a weak model
 * writes half or more of its expected values wrong). Nothing here changes a choice: strategies weigh for
 * themselves.
 */
import { type Cluster, groupCandidates } from './clusters.ts';
import { answerText, type MeasuredCandidate, type Population } from './population.ts';
import type { TestWeighing } from './selection.ts';
import { testIdOf } from './selection-matrix.ts';
import { entryOf, type SignatureKind } from './signature.ts';

type WeighingInput = {
  population: Population;
  reliable: readonly MeasuredCandidate[];
  clusters: readonly Cluster[];
  /** What the clusters were grouped by. */
  signature: SignatureKind;
  uninformative: number;
};

/** One candidate alone contradicts nothing. */
const LEAST_WITNESSES = 2;

export const weighTests = (input: WeighingInput): TestWeighing => {
  const { population, reliable, uninformative } = input;
  let allPass = 0;
  let allFail = 0;
  if (reliable.length > 0) {
    for (const test of population.kept) {
      const first = reliable[0]?.outcomes[test] === 'pass';
      if (!reliable.every(({ outcomes }) => (outcomes[test] === 'pass') === first)) continue;
      if (first) allPass += 1;
      else allFail += 1;
    }
  }
  return {
    kept: population.kept.length,
    informative: population.kept.length - uninformative,
    allPass,
    allFail,
    flaky: [...population.flakyTests],
    contradicted: contradictedTests(input),
  };
};

/** Tests that the largest output cluster answers with another value than the expected one. */
const contradictedTests = (input: WeighingInput): string[] => {
  const { population } = input;
  const witness = largestOutputCluster(input);
  if (witness === undefined) return [];
  return population.kept.flatMap((test) => {
    const given = population.tests[test];
    return given !== undefined && witness.outcomes[test] === 'fail' && answerText(witness, test) !== undefined
      ? [testIdOf(given)]
      : [];
  });
};

/** A member of it; undefined where none has witnesses enough, or its answers are all the same. */
const largestOutputCluster = ({
  population,
  reliable,
  clusters,
  signature,
}: WeighingInput): MeasuredCandidate | undefined => {
  const groups =
    signature === 'output' ? clusters : groupCandidates(population, reliable.filter(hasOutputs), 'output');
  let largest: { members: readonly MeasuredCandidate[] } | undefined;
  for (const group of groups) {
    const [member] = group.members;
    if (group.members.length < LEAST_WITNESSES || member === undefined || !isVaried(member, population))
      continue;
    if (largest === undefined || group.members.length > largest.members.length) largest = group;
  }
  return largest?.members[0];
};

const hasOutputs = ({ outputs }: MeasuredCandidate): boolean => outputs !== undefined;

const isVaried = (candidate: MeasuredCandidate, { kept }: Population): boolean => {
  const [first] = kept;
  if (first === undefined) return false;
  const entry = entryOf(candidate, first);
  return kept.length === 1 || kept.some((test) => entryOf(candidate, test) !== entry);
};

/** Tests kept that tell no two clusters apart. */
export const uninformativeTests = ({ kept }: Population, clusters: readonly Cluster[]): number => {
  const [first, ...others] = clusters.map(({ signature }) => signature);
  if (first === undefined) return 0;
  // An outcome signature has a place for every test, an output signature one for each test kept.
  return kept.filter((test, position) => {
    const at = typeof first === 'string' ? test : position;
    return others.every((other) => other[at] === first[at]);
  }).length;
};
