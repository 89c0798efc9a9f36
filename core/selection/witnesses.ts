/**
 * Candidates who bear witness against expected values: who return the same for every test, and not always the same.
 * An expected value that the largest such set contradicts is probably wrong: the idea of dual agreement turned on the
 * tests (CodeT, arXiv 2207.10397; a weak model writes half or more of its expected values wrong).
 */
import type { CandidateGroup } from './clusters.ts';
import { groupEqual } from './group-equal.ts';
import { answerText, type MeasuredCandidate, type Population } from './population.ts';
import { testIdOf } from './selection-matrix.ts';
import { EntryEquality, onlyEntryOf, type SignatureKind } from './signature.ts';

/** One candidate alone contradicts nothing. */
const LEAST_WITNESSES = 2;

export type Witnesses = {
  /** At least; counted no further than where no other group can have as many. */
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
  const bySize = groups
    .filter(({ members }) => members.length >= LEAST_WITNESSES)
    .sort((a, b) => b.members.length - a.members.length);
  let most = LEAST_WITNESSES;
  for (const [index, { members }] of bySize.entries()) {
    // One of equal size still counts: clusters are not in their final order yet.
    if (members.length < most) break;
    const [first] = members;
    if (first === undefined) continue;
    const others = Math.max(most, bySize[index + 1]?.members.length ?? 0);
    const largest =
      signature === 'output' ? variedGroup([members], kept) : equalFailures(members, kept, others + 1);
    if (largest.length < most) continue;
    most = largest.length;
    found.set(first, { members: most, contradicted: contradictedBy(largest[0], population) });
  }
  return found;
};

/**
 * The largest of those that return the same, and not always the same; of a majority only as many as make one and are
 * `enough`. Members of one outcome cluster pass the same tests, with the value that is expected there, so that only
 * what they fail is compared.
 */
const equalFailures = (
  members: readonly MeasuredCandidate[],
  kept: readonly number[],
  enough: number,
): readonly MeasuredCandidate[] => {
  const [first] = members;
  const failed = kept.filter((test) => first?.outcomes[test] !== 'pass');
  if (failed.length === 0) return variedGroup([members], kept);
  const equality = new EntryEquality(failed);
  const decisive = Math.max(enough, Math.floor(members.length / 2) + 1);
  const groups = groupEqual(members, equality, decisive);
  const majority = groups.find(({ length }) => length >= decisive);
  if (majority === undefined) return variedGroup(groups, kept);
  return isVaried(majority[0], kept) ? majority : variedGroup(groupEqual(members, equality), kept);
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
