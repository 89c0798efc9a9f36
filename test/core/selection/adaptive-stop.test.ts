import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADAPTIVE_STRATEGIES, STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import { drawCompletion } from '../../../core/sampling/draw-completion.ts';
import { LeaderChance } from '../../../core/sampling/leader-chance.ts';
import { PredictiveUrn } from '../../../core/sampling/predictive-urn.ts';
import { chooseTheSame } from '../../../core/selection/ablation/choose-the-same.ts';
import { adaptiveStop } from '../../../core/selection/adaptive-stop.ts';
import { select } from '../../../core/selection/select.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { STRATEGIES } from '../../../core/selection/strategies/registry.ts';
import { seededRandom } from '../../../core/statistics/seeded-random.ts';
import { STRONGER_MODEL } from '../../bench/selection/population-model.ts';
import { simulateProblem } from '../../bench/selection/simulate-problem.ts';
import { arbitraryMatrix } from './arbitrary-matrix.ts';
import { policyWith } from './policy.ts';

/** So many candidates that return these values, one a test, where the expected ones are "a", "b", "c", "d". */
const EXPECTED = ['a', 'b', 'c', 'd'];
const matrixOf = (...rows: [number, string[]][]): SelectionMatrix => ({
  id: 'p',
  tests: (rows[0]?.[1] ?? []).map((_, test) => ({
    id: `t${test}`,
    call: `f(${test})`,
    expected: EXPECTED[test] ?? '',
  })),
  candidates: rows.flatMap(([count, outputs], row) =>
    Array.from({ length: count }, (_, member) => ({
      id: `${row}-${member}`,
      outcomes: outputs.map((output, test) =>
        output === EXPECTED[test] ? ('pass' as const) : ('fail' as const),
      ),
      outputs,
    })),
  ),
});

describe('adaptiveStop', () => {
  it('goes with the strategies that say what they choose by, and with no others', () => {
    expect(STRATEGY_NAMES.filter((name) => STRATEGIES[name].choosesBy !== undefined)).toEqual(
      STRATEGY_NAMES.filter((name) => ADAPTIVE_STRATEGIES.includes(name)),
    );
    const alike = matrixOf([16, ['a', 'b']]);
    for (const strategy of STRATEGY_NAMES) {
      const stop = adaptiveStop(alike, policyWith({ strategy }), { sampled: 16, total: 17, risk: 0.1 });
      expect(stop !== undefined, strategy).toBe(ADAPTIVE_STRATEGIES.includes(strategy));
    }
  });

  it('does not depend on the order in which candidates came', () => {
    fc.assert(
      fc.property(
        arbitraryMatrix,
        fc.constantFrom(...ADAPTIVE_STRATEGIES),
        fc.nat({ max: 20 }),
        (matrix, strategy, left) => {
          const sampled = matrix.candidates.length;
          const horizon = { sampled, total: sampled + left, risk: 0.1 };
          const reversed = { ...matrix, candidates: [...matrix.candidates].reverse() };
          const policy = policyWith({ strategy });
          expect(adaptiveStop(reversed, policy, horizon)).toBe(adaptiveStop(matrix, policy, horizon));
        },
      ),
    );
  });

  it('stops a strategy that scores where nothing is left, and says whether there is a choice', () => {
    fc.assert(
      fc.property(
        arbitraryMatrix,
        fc.constantFrom<('codet' | 'dual-output' | 'majority-weighted')[]>(
          'codet',
          'dual-output',
          'majority-weighted',
        ),
        (matrix, strategy) => {
          const sampled = matrix.candidates.length;
          const policy = policyWith({ strategy });
          expect(adaptiveStop(matrix, policy, { sampled, total: sampled, risk: 0.02 })).toBe(
            select(matrix, policy).selected === null ? 'no-consensus-likely' : 'leader-safe',
          );
        },
      ),
    );
  });

  it('looks at the score: dual-output stops at a small cluster that all others back, and goes on where two are even', () => {
    const policy = policyWith({ strategy: 'dual-output' });
    const horizon = { sampled: 32, total: 64, risk: 0.05 };
    const backed = matrixOf(
      [10, ['a', 'b', 'c', 'd']],
      [8, ['2', 'b', 'c', 'd']],
      [7, ['a', '3', 'c', 'd']],
      [7, ['a', 'b', '4', 'd']],
    );
    expect(adaptiveStop(backed, policy, horizon)).toBe('leader-safe');
    expect(adaptiveStop(backed, policyWith({ strategy: 'output-consensus' }), horizon)).toBeUndefined();
    const even = matrixOf([16, ['2', '2', 'c']], [16, ['3', '3', 'c']]);
    expect(adaptiveStop(even, policy, horizon)).toBeUndefined();
  });

  it('knows that a better cluster may still be born where no answers of those seen are the best together', () => {
    const policy = policyWith({ strategy: 'dual-output' });
    const corners = matrixOf(
      [3, ['2', 'b', 'c', 'd']],
      [3, ['a', '3', 'c', 'd']],
      [2, ['a', 'b', '4', 'd']],
      [2, ['a', 'b', 'c', '5']],
      [1, ['6', '6', 'c', 'd']],
      [1, ['7', 'b', '7', 'd']],
    );
    const sampled = corners.candidates.length;
    expect(adaptiveStop(corners, policy, { sampled, total: 128, risk: 0.05 })).toBeUndefined();
  });

  it('finds what dual-output chooses of all 128 of a stronger model, with half of them', () => {
    const policy = policyWith({ strategy: 'dual-output' });
    let [same, candidates] = [0, 0];
    const problems = 12;
    for (let index = 0; index < problems; index += 1) {
      const { matrix } = simulateProblem({ ...STRONGER_MODEL, candidates: 128, tests: 20 }, 5, index);
      const first = (count: number) => ({ ...matrix, candidates: matrix.candidates.slice(0, count) });
      const end = [16, 32, 64, 96].find(
        (sampled) => adaptiveStop(first(sampled), policy, { sampled, total: 128, risk: 0.05 }) !== undefined,
      );
      candidates += end ?? 128;
      const chosen = select(first(end ?? 128), policy).selected;
      if (chooseTheSame(matrix, chosen, select(matrix, policy).selected)) same += 1;
    }
    expect(same).toBe(problems);
    expect(candidates).toBeLessThanOrEqual(64 * problems);
  });
});

describe('drawCompletion', () => {
  it('draws from the process whose chances LeaderChance tells', () => {
    const urn = new PredictiveUrn({ sizes: [5, 4, 1, 1], sampled: 14, total: 40 });
    const random = seededRandom(3, 'completions');
    const draws = 4000;
    let stays = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const { sizes, born } = drawCompletion(urn, random);
      const [leader = 0, ...others] = sizes;
      if ([...others, ...born].every((size) => size < leader)) stays += 1;
    }
    // Three standard errors.
    expect(Math.abs(stays / draws - new LeaderChance(urn, 2).chance())).toBeLessThan(0.024);
  });
});
