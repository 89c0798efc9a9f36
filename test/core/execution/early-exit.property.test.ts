/** Early exit against full execution: fewer runs, the same selection, by every strategy and in any order of candidates. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitsConfig } from '../../../core/config/campaign-config.ts';
import { STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import { CandidateProgress, type EarlyExit, judgesFor } from '../../../core/execution/candidate-progress.ts';
import type { PreparedTest } from '../../../core/execution/prepared-test.ts';
import { candidateResult } from '../../../core/execution/results.ts';
import { select } from '../../../core/selection/select.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { arbitraryFlags } from '../selection/arbitrary-matrix.ts';
import { policyWith } from '../selection/policy.ts';

/** What a program returns on each test, 1 being right; null where it raises. */
type Program = readonly (number | null)[];

const testNamed = (id: string): PreparedTest => ({
  id,
  kind: 'call',
  source: 'f()',
  needed: null,
  judgement: {
    match: 'equal',
    expected: { type: 'int', value: 1n },
    tolerance: undefined,
    showsOutput: true,
  },
});

const LIMITS = LimitsConfig.parse({});

const execute = (programs: readonly Program[], early: EarlyExit | undefined) => {
  const tests = (programs[0] ?? []).map((_, test) => testNamed(`t${test}`));
  const judges = judgesFor(tests);
  let runs = 0;
  const candidates = programs.map((program, position) => {
    const inOrder = tests.map((_, test) => test);
    const progress = new CandidateProgress(tests, judges, LIMITS, inOrder, early);
    for (let run = progress.next(); run; run = progress.next()) {
      for (const [place, test] of run.order.entries()) {
        if (progress.verdicts[test] !== undefined) continue;
        const value = program[test] ?? null;
        runs += 1;
        if (value === null) progress.take(run, { position: place, kind: 'error' });
        else progress.take(run, { position: place, kind: 'value', text: String(value) });
      }
      progress.end(run, { reason: 'finished', cpuMs: 1, testMs: 1, outOfMemory: false });
    }
    progress.shareAnswers();
    return candidateResult(`c${String(position).padStart(2, '0')}`, [progress]);
  });
  const matrix: SelectionMatrix = { id: 'p', tests: tests.map(({ id }) => id), candidates };
  return { matrix, runs };
};

const programs: fc.Arbitrary<Program[]> = fc.integer({ min: 1, max: 10 }).chain((tests) =>
  fc
    .array(
      fc.array(fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2 }), {
        minLength: tests,
        maxLength: tests,
      }),
      { minLength: 1, maxLength: 4 },
    )
    .chain((kinds) => fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 12 })),
);

describe('early exit', () => {
  it('changes no selection, no cluster and no dropped test, and saves runs', () => {
    let saved = 0;
    fc.assert(
      fc.property(programs, arbitraryFlags, fc.nat(), (drawn, flags, seed) => {
        const minReliability = Number(flags.minReliability);
        const full = execute(drawn, undefined);
        const early = execute(drawn, { answered: new Set(), minReliability });
        for (const strategy of STRATEGY_NAMES) {
          const policy = policyWith({ ...flags, minReliability, strategy, seed });
          const [expected, actual] = [select(full.matrix, policy), select(early.matrix, policy)];
          expect(actual.selected).toBe(expected.selected);
          expect(actual.clusters).toEqual(expected.clusters);
          expect(actual.droppedTests).toEqual(expected.droppedTests);
        }
        expect(early.runs).toBeLessThanOrEqual(full.runs);
        saved += full.runs - early.runs;
      }),
      { numRuns: 1000 },
    );
    expect(saved).toBeGreaterThan(500);
  }, 60_000);
});
