import fc from 'fast-check';
import { expect, it } from 'vitest';
import { select } from '../../../core/selection/select.ts';
import { type SelectionMatrix, testIdOf } from '../../../core/selection/selection-matrix.ts';
import { arbitraryFlags, arbitraryMatrix } from './arbitrary-matrix.ts';
import { policyWith } from './policy.ts';

type Candidate = SelectionMatrix['candidates'][number];

const answer = ({ outcomes, outputs }: Candidate, test: number): string | null =>
  outcomes[test] === 'pass' || outcomes[test] === 'fail' ? (outputs?.[test] ?? null) : null;

const entry = (candidate: Candidate, test: number): string =>
  answer(candidate, test) ?? candidate.outcomes[test] ?? 'missing';

/** As core/selection/witnesses.ts says it, by comparing every pair of a cluster's members on all that the first one fails. */
const contradicted = (
  matrix: SelectionMatrix,
  clusters: readonly Candidate[][],
  kept: number[],
): string[] => {
  let largest: Candidate[] = [];
  for (const members of clusters) {
    const failed = kept.filter((test) => members[0]?.outcomes[test] !== 'pass');
    for (const candidate of members) {
      const equal = members.filter((other) =>
        failed.every((test) => entry(other, test) === entry(candidate, test)),
      );
      const [first] = equal;
      const entries = new Set(kept.map((test) => (first ? entry(first, test) : '')));
      const varies = kept.length === 1 || entries.size > 1;
      if (varies && equal.length >= 2 && equal.length > largest.length) largest = equal;
    }
  }
  const [witness] = largest;
  if (witness === undefined) return [];
  const against = kept.filter((test) => witness.outcomes[test] === 'fail' && answer(witness, test) !== null);
  return against.flatMap((test) => matrix.tests.slice(test, test + 1).map(testIdOf));
};

it('the tests that the largest equal witnesses contradict are found, wherever counting stops', () => {
  let contradicting = 0;
  fc.assert(
    fc.property(arbitraryMatrix, arbitraryFlags, (matrix, flags) => {
      const policy = policyWith({
        ...flags,
        signature: 'outcome',
        minReliability: Number(flags.minReliability),
      });
      const { clusters, droppedTests, tests } = select(matrix, policy);
      const byId = new Map(matrix.candidates.map((candidate) => [candidate.id, candidate]));
      const members = clusters.map((cluster) => cluster.members.flatMap((id) => byId.get(id) ?? []));
      const kept = [...matrix.tests.keys()].filter(
        (test) => !matrix.tests.slice(test, test + 1).some((given) => droppedTests.includes(testIdOf(given))),
      );
      const expected = contradicted(matrix, members, kept);
      expect(tests.contradicted).toEqual(expected);
      if (expected.length > 0) contradicting += 1;
    }),
    { numRuns: 2000 },
  );
  expect(contradicting).toBeGreaterThan(200);
}, 60_000);
