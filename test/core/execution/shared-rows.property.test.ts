/** Equal programs of later rounds take stored rows: against rounds in which every program runs, and against one batch. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import { adaptiveStop } from '../../../core/selection/adaptive-stop.ts';
import { select } from '../../../core/selection/select.ts';
import { arbitraryFlags } from '../selection/arbitrary-matrix.ts';
import { policyWith } from '../selection/policy.ts';
import { matrixOf, programs } from './arbitrary-programs.ts';
import { execute, executeRounds } from './simulated-runner.ts';

/** Ends of two to four rounds. */
const rounds = programs.chain((drawn) =>
  fc.record({
    drawn: fc.constant(drawn),
    ends: fc
      .uniqueArray(fc.integer({ min: 1, max: drawn.length }), { minLength: 1, maxLength: 3 })
      .map((ends) => [...new Set([...ends, drawn.length])].sort((a, b) => a - b)),
  }),
);

describe('shared rows', () => {
  it('are what running every program would have stored', () => {
    let saved = 0;
    fc.assert(
      fc.property(rounds, ({ drawn, ends }) => {
        const shared = executeRounds(drawn, ends, { minReliability: undefined, shares: true });
        const apart = executeRounds(drawn, ends, { minReliability: undefined, shares: false });
        const unmeasured = (of: typeof shared) => of.candidates.map((row) => ({ ...row, durationMs: 0 }));
        expect(unmeasured(shared)).toEqual(unmeasured(apart));
        saved += apart.runs - shared.runs;
      }),
      { numRuns: 500 },
    );
    expect(saved).toBeGreaterThan(1000);
  });

  it('change no selection, no cluster, no dropped test and no look where early exit cuts other rows short', () => {
    let saved = 0;
    fc.assert(
      fc.property(rounds, arbitraryFlags, fc.nat(), ({ drawn, ends }, flags, seed) => {
        const minReliability = Number(flags.minReliability);
        const full = execute(drawn);
        const shared = executeRounds(drawn, ends, { minReliability, shares: true });
        const apart = executeRounds(drawn, ends, { minReliability, shares: false });
        saved += apart.runs - shared.runs;
        for (const strategy of STRATEGY_NAMES) {
          const policy = policyWith({ ...flags, minReliability, strategy, seed });
          const [expected, actual] = [select(matrixOf(full), policy), select(matrixOf(shared), policy)];
          expect(actual.selected).toBe(expected.selected);
          expect(actual.clusters).toEqual(expected.clusters);
          expect(actual.droppedTests).toEqual(expected.droppedTests);
          const horizon = { sampled: drawn.length, total: 2 * drawn.length, risk: 0.2 };
          expect(adaptiveStop(matrixOf(shared), policy, horizon)).toBe(
            adaptiveStop(matrixOf(apart), policy, horizon),
          );
        }
      }),
      { numRuns: 200 },
    );
    expect(saved).toBeGreaterThan(500);
  }, 60_000);
});
