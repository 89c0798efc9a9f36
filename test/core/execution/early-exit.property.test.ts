/** Early exit, in the order that shows unreliable candidates soonest, against full execution in the tests' own order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import { learnEarlyExit } from '../../../core/execution/early-exit.ts';
import { select } from '../../../core/selection/select.ts';
import { readRecordedSet } from '../../bench/selection/recorded-set.ts';
import { arbitraryFlags } from '../selection/arbitrary-matrix.ts';
import { policyWith } from '../selection/policy.ts';
import { matrixOf, programs } from './arbitrary-programs.ts';
import { type Deed, execute } from './simulated-runner.ts';

describe('early exit', () => {
  it('changes no selection, no cluster and no dropped test, and saves runs', () => {
    let saved = 0;
    fc.assert(
      fc.property(programs, arbitraryFlags, fc.nat(), (drawn, flags, seed) => {
        const minReliability = Number(flags.minReliability);
        const full = execute(drawn);
        const early = execute(drawn, minReliability);
        for (const strategy of STRATEGY_NAMES) {
          const policy = policyWith({ ...flags, minReliability, strategy, seed });
          const [expected, actual] = [select(matrixOf(full), policy), select(matrixOf(early), policy)];
          expect(actual.selected).toBe(expected.selected);
          expect(actual.clusters).toEqual(expected.clusters);
          expect(actual.droppedTests).toEqual(expected.droppedTests);
        }
        saved += full.runs - early.runs;
      }),
      { numRuns: 1500 },
    );
    expect(saved).toBeGreaterThan(1000);
  }, 60_000);

  it('never gives up the first to answer a test: behind two timeouts the answer does not count', () => {
    const [one, error, late] = [1, 'error', 'timeout'].map((does) => ({ does, cpuMs: 1 }) as Deed);
    if (!one || !error || !late) throw new Error('There are three.');
    // In their own order nothing of this program runs after its second timeout; early exit runs the last test first.
    const slow = [one, late, one, error, error, late, one, one];
    const sound = [one, one, error, error, one, one, one, error];
    const drawn = [slow, sound, slow, slow, slow];
    const policy = policyWith({ minReliability: 0.8, reliability: 'executes', minClusterSize: 1 });
    expect(select(matrixOf(execute(drawn)), policy).selected).toBe('c01');
    expect(select(matrixOf(execute(drawn, 0.8)), policy).selected).toBe('c01');
  });

  it('says of every test that it ran what full execution says', () => {
    fc.assert(
      fc.property(programs, (drawn) => {
        const full = execute(drawn);
        execute(drawn, 0.8).candidates.forEach(({ outcomes, outputs }, candidate) => {
          if (outcomes.includes('not-run')) return;
          expect(outcomes).toEqual(full.candidates[candidate]?.outcomes);
          expect(outputs).toEqual(full.candidates[candidate]?.outputs);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same results in whatever order programs end', () => {
    fc.assert(
      fc.property(programs, (drawn) => {
        expect(execute(drawn, 0.8, true).candidates).toEqual(execute(drawn, 0.8).candidates);
      }),
      { numRuns: 300 },
    );
  });

  it('spares a sixth of the runs of the recorded HumanEval candidates, and changes no choice', () => {
    let [full, early] = [0, 0];
    for (const { matrix } of readRecordedSet()) {
      const recorded = matrix.candidates.map(({ outcomes }) =>
        outcomes.map((outcome): Deed => {
          if (outcome === 'timeout') return { does: 'timeout', cpuMs: 100 };
          return { does: outcome === 'pass' ? 1 : outcome === 'fail' ? 2 : 'error', cpuMs: 1 };
        }),
      );
      const [all, some] = [execute(recorded), execute(recorded, 0.8)];
      full += all.runs;
      early += some.runs;
      const policy = policyWith({});
      expect(select(matrixOf(some), policy).selected).toBe(select(matrixOf(all), policy).selected);
    }
    console.info(`recorded HumanEval: ${early} of ${full} tests run`);
    expect(early / full).toBeLessThan(5 / 6);
  });
});

describe('learnEarlyExit', () => {
  const seen = (rows: readonly string[]) =>
    rows.map((row) => ({
      outcomes: [...row].map((mark) => (mark === 'x' ? ('error' as const) : ('fail' as const))),
      outputs: [...row].map((mark) => (mark === 'x' ? null : mark)),
    }));

  it('runs tests without an answer first, then those that most miss, then those that split most', () => {
    const learned = learnEarlyExit(5, seen(['aaxax', 'abxax', 'acxxa', 'aaxab']), 0.8);
    expect([...learned.answered].sort()).toEqual([0, 1, 3, 4]);
    expect(learned.order).toEqual([2, 4, 3, 1, 0]);
  });

  it('learns nothing from what did not run', () => {
    const row = { outcomes: ['not-run' as const, 'fail' as const], outputs: [null, '1'] };
    expect(learnEarlyExit(2, [row], 0.8)).toMatchObject({ order: [0, 1] });
    expect([...learnEarlyExit(2, [row], 0.8).answered]).toEqual([1]);
  });
});
