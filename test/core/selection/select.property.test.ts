import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import type { Outcome } from '../../../core/execution/batch.ts';
import { select } from '../../../core/selection/select.ts';
import { Selection } from '../../../core/selection/selection.ts';
import { SelectionMatrix, testIdOf } from '../../../core/selection/selection-matrix.ts';
import {
  arbitraryFlags,
  arbitraryMatrix,
  arbitrarySignals,
  arbitraryWideMatrix,
} from './arbitrary-matrix.ts';
import { policyWith } from './policy.ts';
import { type ReferenceFlags, referenceSelect } from './reference.ts';

const expectAgreement = (matrix: SelectionMatrix, flags: ReferenceFlags): Selection => {
  const policy = policyWith({ ...flags, minReliability: Number(flags.minReliability) });
  const actual = select(SelectionMatrix.parse(matrix), policy);
  const expected = referenceSelect(matrix, flags);
  expect(actual.selected).toBe(expected.selected);
  expect(
    actual.clusters.map(({ members, signature }) => ({ members, size: members.length, signature })),
  ).toEqual(expected.clusters);
  for (const cluster of actual.clusters) {
    expect(cluster.share).toBe(cluster.members.length / matrix.candidates.length);
  }
  expect(new Set(actual.rejected.map(({ id }) => id))).toEqual(new Set(expected.rejected));
  expect(actual.droppedTests).toEqual(expected.droppedTests);
  expect(actual.selected === null).toBe(actual.reason !== undefined);
  return actual;
};

describe('select on random matrices', () => {
  it('agrees with the reference written from the contract', () => {
    let decided = 0;
    let dropping = 0;
    fc.assert(
      fc.property(arbitraryMatrix, arbitraryFlags, (matrix, flags) => {
        const actual = expectAgreement(matrix, flags);
        if (actual.selected !== null) decided += 1;
        if (actual.droppedTests.length > 0 && actual.clusters.length > 1) dropping += 1;
      }),
      { numRuns: 3000 },
    );
    // The generator is worth something only while both ends are common.
    expect(decided).toBeGreaterThan(300);
    expect(dropping).toBeGreaterThan(150);
  }, 60_000);

  it('agrees with it for more tests than one word holds', () => {
    fc.assert(
      fc.property(arbitraryWideMatrix, arbitraryFlags, (matrix, flags) => {
        expectAgreement(matrix, flags);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('gives the same answer in any order of candidates, for every strategy', () => {
    const shuffledPair = arbitraryMatrix.chain((matrix) =>
      fc.record({
        matrix: fc.constant(matrix),
        candidates: fc.shuffledSubarray(matrix.candidates, {
          minLength: matrix.candidates.length,
          maxLength: matrix.candidates.length,
        }),
      }),
    );
    fc.assert(
      fc.property(shuffledPair, arbitraryFlags, arbitrarySignals, fc.nat(), (pair, flags, signals, seed) => {
        const { matrix, candidates } = pair;
        for (const strategy of STRATEGY_NAMES) {
          const policy = policyWith({
            ...flags,
            ...signals,
            minReliability: Number(flags.minReliability),
            strategy,
            seed,
          });
          expect(select({ ...matrix, candidates }, policy)).toEqual(select(matrix, policy));
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it('selects only a candidate that is reliable, and writes what its schema says', () => {
    fc.assert(
      fc.property(arbitraryMatrix, arbitraryFlags, fc.nat(), (matrix, flags, seed) => {
        for (const strategy of STRATEGY_NAMES) {
          const policy = policyWith({
            ...flags,
            minReliability: Number(flags.minReliability),
            strategy,
            seed,
          });
          const selection = Selection.parse(select(matrix, policy));
          const rejected = selection.rejected.map(({ id }) => id);
          if (selection.selected !== null) expect(rejected).not.toContain(selection.selected);
          const grouped = selection.clusters.flatMap(({ members }) => members);
          expect([...grouped, ...rejected].sort()).toEqual(matrix.candidates.map(({ id }) => id).sort());
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it('drops a flaky test as if nobody had answered it', () => {
    let dropping = 0;
    fc.assert(
      fc.property(arbitraryMatrix, arbitraryFlags, arbitrarySignals, (matrix, flags, signals) => {
        const minReliability = Number(flags.minReliability);
        for (const strategy of STRATEGY_NAMES) {
          const policy = policyWith({ ...flags, ...signals, maxFlakyShare: 0.2, minReliability, strategy });
          const selection = select(matrix, policy);
          const flaky = new Set(selection.tests.flaky);
          if (flaky.size > 0) dropping += 1;
          const candidates = matrix.candidates.map((candidate) => ({
            ...candidate,
            outcomes: candidate.outcomes.map(
              (outcome, t): Outcome => (flaky.has(testIdOf(matrix.tests[t] ?? '')) ? 'error' : outcome),
            ),
          }));
          const without = select({ ...matrix, candidates }, { ...policy, maxFlakyShare: 1 });
          expect(without.selected).toBe(selection.selected);
          expect(without.clusters).toEqual(selection.clusters);
          expect(without.droppedTests).toEqual(selection.droppedTests);
        }
      }),
      { numRuns: 300 },
    );
    expect(dropping).toBeGreaterThan(100);
  }, 60_000);
});
