import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { compareStrategies, scoreTable } from '../../bench/selection/compare-strategies.ts';
import { STRONGER_MODEL } from '../../bench/selection/population-model.ts';
import { halfOf } from '../../bench/selection/recorded-set.ts';
import { simulateProblem } from '../../bench/selection/simulate-problem.ts';

const simulated = (count: number, seed: number) =>
  Array.from({ length: count }, (_, index) => simulateProblem(STRONGER_MODEL, seed, index));

describe('the simulated population', () => {
  it('is made of valid matrices, the same for a seed', () => {
    for (const { matrix } of simulated(5, 3)) expect(SelectionMatrix.parse(matrix)).toEqual(matrix);
    expect(simulated(3, 4)).toEqual(simulated(3, 4));
    expect(simulated(3, 4)).not.toEqual(simulated(3, 5));
  });

  it('has right programs that pass every test whose expected value is right, save where the problem leaves it open', () => {
    for (const { matrix, right } of simulated(20, 6)) {
      for (const { id, outcomes, outputs } of matrix.candidates) {
        if (!right.has(id)) continue;
        expect(outcomes.every((outcome) => outcome === 'pass' || outcome === 'fail')).toBe(true);
        expect(outputs?.every((text) => /^(right|open):/.test(text ?? ''))).toBe(true);
      }
    }
  });
});

describe('the bench of strategies', () => {
  const scores = compareStrategies(simulated(150, 8));
  const scoreOf = (name: string) => {
    const score = scores.find((entry) => entry.name === name);
    if (!score) throw new Error(`no score of ${name}`);
    return score;
  };

  it('scores every strategy between picking at random and the oracle', () => {
    expect(scores.map(({ name }) => name)).toEqual(expect.arrayContaining([...STRATEGY_NAMES]));
    expect(scoreOf('oracle').accuracy.mean).toBe(1);
    expect(scoreOf('consensus').accuracy.mean).toBeGreaterThan(scoreOf('at random (expected)').accuracy.mean);
    expect(scoreTable(scores).trimEnd().split('\n')).toHaveLength(scores.length + 2);
  });

  it('finds dual-output better than the paper’s consensus, and no rival better than it', () => {
    expect(scoreOf('dual-output').againstPaper.low).toBeGreaterThan(0);
    for (const { name, againstOurs } of scores) {
      if (name !== 'oracle') expect(againstOurs.low, name).toBeLessThanOrEqual(0);
    }
  });

  it('leaves out problems on which no candidate is right', () => {
    const none = simulated(30, 9).map(({ matrix }) => ({ matrix, right: new Set<string>() }));
    expect(compareStrategies(none)[0]?.right).toEqual([]);
  });

  it('splits the recorded set into two halves once and for all', () => {
    const halves = Array.from({ length: 164 }, (_, n) => halfOf(`HumanEval/${n}`));
    const reported = halves.filter((half) => half === 'report').length;
    expect(reported).toBeGreaterThan(60);
    expect(reported).toBeLessThan(104);
    expect(halfOf('HumanEval/0')).toBe(halves[0]);
  });
});
