import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../core/config/campaign-config.ts';
import { AdaptiveTests, allowsEarlyExit } from '../../../core/execution/adaptive-tests.ts';
import type { Outcome } from '../../../core/execution/batch.ts';
import { select } from '../../../core/selection/select.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import type { SelectionPolicy } from '../../../core/selection/selection-policy.ts';
import { arbitraryFlags, arbitraryMatrix, arbitrarySignals } from '../selection/arbitrary-matrix.ts';
import { matrixOf } from '../selection/matrix-of.ts';
import { policyWith } from '../selection/policy.ts';

/** Runs candidates one after the other in the order of the matrix, as the sandbox would. */
const runAdaptively = (matrix: SelectionMatrix, policy: SelectionPolicy) => {
  const tests = new AdaptiveTests(matrix.tests.length, policy);
  let runs = 0;
  const candidates = matrix.candidates.map((candidate) => {
    const outcomes: Outcome[] = matrix.tests.map(() => 'not-run');
    const outputs: (string | null)[] = matrix.tests.map(() => null);
    const plan = tests.candidate();
    for (let test = plan.next(); test !== undefined; test = plan.next()) {
      const outcome = candidate.outcomes[test] ?? 'not-run';
      const output = candidate.outputs?.[test] ?? null;
      outcomes[test] = outcome;
      outputs[test] = output;
      plan.ran(test, outcome);
      tests.add(test, { outcome, output });
      runs += 1;
    }
    return { ...candidate, outcomes, ...(candidate.outputs ? { outputs } : {}) };
  });
  return { matrix: { ...matrix, candidates }, runs };
};

describe('adaptive tests', () => {
  it('never change what is selected, the clusters, or the tests dropped, for every strategy', () => {
    let saved = 0;
    fc.assert(
      fc.property(
        arbitraryMatrix,
        arbitraryFlags,
        arbitrarySignals,
        fc.nat(),
        (full, flags, signals, seed) => {
          for (const strategy of STRATEGY_NAMES) {
            const minReliability = Number(flags.minReliability);
            const policy = policyWith({ ...flags, ...signals, minReliability, strategy, seed });
            const { matrix, runs } = runAdaptively(full, policy);
            const [expected, actual] = [select(full, policy), select(matrix, policy)];
            expect(actual.selected).toBe(expected.selected);
            expect(actual.clusters).toEqual(expected.clusters);
            expect(actual.droppedTests).toEqual(expected.droppedTests);
            expect(actual.rejected.map(({ id }) => id)).toEqual(expected.rejected.map(({ id }) => id));
            saved += full.candidates.length * full.tests.length - runs;
          }
        },
      ),
      { numRuns: 800 },
    );
    expect(saved).toBeGreaterThan(1000);
  }, 60_000);

  it('stop a candidate that cannot be reliable any more', () => {
    const good = 'p'.repeat(10);
    const full = matrixOf({ a: good, b: good, bad: 'e'.repeat(10), bad2: 'e'.repeat(10) });
    const { matrix, runs } = runAdaptively(full, policyWith());
    expect(runs).toBe(20 + 3 + 3);
    expect(matrix.candidates[2]?.outcomes.filter((outcome) => outcome === 'not-run')).toHaveLength(7);
  });

  it('run a ruled-out candidate on tests that nobody has answered, because they may be kept for its sake', () => {
    const full = matrixOf({ a: 'eeeepppppp', b: 'ppppeeeeee' });
    const { matrix } = runAdaptively(full, policyWith());
    expect(select(matrix, policyWith()).droppedTests).toEqual([]);
    expect(matrix.candidates[1]?.outcomes.slice(0, 4)).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it('begin with the tests that rule out, then with those that split the candidates', () => {
    const tests = new AdaptiveTests(3, policyWith());
    for (const [first, second] of [
      ['1', '2'],
      ['1', '3'],
      ['1', '2'],
    ] as const) {
      tests.add(0, { outcome: 'pass', output: first });
      tests.add(1, { outcome: 'fail', output: second });
    }
    tests.add(2, { outcome: 'error', output: null });
    expect(tests.order()).toEqual([2, 1, 0]);
  });

  it('cut nobody short where the share of flaky candidates decides about tests', () => {
    expect(allowsEarlyExit(policyWith({ maxFlakyShare: 0.5 }))).toBe(false);
    const full = matrixOf({ a: 'ppp', b: 'eee' });
    expect(runAdaptively(full, policyWith({ maxFlakyShare: 0.5 })).runs).toBe(6);
  });
});
