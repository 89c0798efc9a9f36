/**
 * Candidates who bear witness against expected values: who return the same for every test, and not always the same.
 * An expected value that the largest such set contradicts is probably wrong: the idea of dual agreement turned on the
 * tests (CodeT, arXiv 2207.10397; a weak model writes half or more of its expected values wrong).
 */
import { type CandidateGroup, groupEqual } from './clusters.ts';
import { answerText, type MeasuredCandidate, type Population } from './population.ts';
import { testIdOf } from './selection-matrix.ts';
import { entryEquality, onlyEntryOf, type SignatureKind } from './signature.ts';

/** One candidate alone contradicts nothing. */
const LEAST_WITNESSES = 2;

export type Witnesses = {
  members: number;
  /** Tests to which they give another value than the expected one. */
  contradicted: string[];
};

/**
 * The largest witnesses in each group by its first member; a group that cannot hold the largest of all has none.
 * Every group was made by equal `signature`s.
 */
export const witnessesOf = (
  population: Population,
  groups: readonly CandidateGroup[],
  signature: SignatureKind,
): ReadonlyMap<MeasuredCandidate, Witnesses> => {
  const { kept } = population;
  const found = new Map<MeasuredCandidate, Witnesses>();
  let most = LEAST_WITNESSES;
  for (const { members } of [...groups].sort((a, b) => b.members.length - a.members.length)) {
    // One of equal size still counts: clusters are not in their final order yet.
    if (members.length < most) break;
    const [first] = members;
    if (first === undefined) continue;
    const largest =
      signature === 'output' ? variedGroup([members], kept) : variedGroup(equalFailures(members, kept), kept);
    if (largest.length < most) continue;
    most = largest.length;
    found.set(first, { members: most, contradicted: contradictedBy(largest[0], population) });
  }
  return found;
};

/**
 * Members of one outcome cluster pass the same tests, with the value that is expected there, so that only what
 * they fail is compared.
 */
const equalFailures = (
  members: readonly MeasuredCandidate[],
  kept: readonly number[],
): readonly (readonly MeasuredCandidate[])[] => {
  const [first] = members;
  const failed = kept.filter((test) => first?.outcomes[test] !== 'pass');
  return failed.length === 0 ? [members] : groupEqual(members, entryEquality(failed));
};

/** The largest whose answers vary; the first of equal ones. */
const variedGroup = (
  groups: readonly (readonly MeasuredCandidate[])[],
  kept: readonly number[],
): readonly MeasuredCandidate[] => {
  let largest: readonly MeasuredCandidate[] = [];
  for (const group of groups) {
    const [first] = group;
    if (first !== undefined && group.length > largest.length && isVaried(first, kept)) largest = group;
  }
  return largest;
};

const isVaried = (candidate: MeasuredCandidate, kept: readonly number[]): boolean =>
  kept.length === 1 || (kept.length > 1 && onlyEntryOf(candidate, kept) === undefined);

const contradictedBy = (witness: MeasuredCandidate | undefined, { kept, tests }: Population): string[] => {
  const contradicted: string[] = [];
  if (witness === undefined) return contradicted;
  for (const test of kept) {
    const given = tests[test];
    if (witness.outcomes[test] !== 'fail' || given === undefined) continue;
    if (answerText(witness, test) !== undefined) contradicted.push(testIdOf(given));
  }
  return contradicted;
};
