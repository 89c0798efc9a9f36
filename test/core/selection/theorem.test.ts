/**
 * The article’s theorem: the largest cluster of equal returned values is the right one when wrong programs rarely
 * agree. What holds always is a property; what holds with a probability is measured over fixed seeds.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { select } from '../../../core/selection/select.ts';
import { measureCurves, theoremSvg } from '../../bench/selection/theorem-plot.ts';
import {
  type TheoremPopulation,
  theoremBound,
  theoremProblem,
} from '../../bench/selection/theorem-population.ts';
import { shareRight } from '../../bench/selection/theorem-regimes.ts';
import { policyWith } from './policy.ts';

const population: fc.Arbitrary<TheoremPopulation> = fc
  .record({
    candidates: fc.integer({ min: 2, max: 40 }),
    right: fc.integer({ min: 0, max: 40 }),
    tests: fc.integer({ min: 2, max: 20 }),
    agreement: fc.double({ min: 0, max: 1, noNaN: true }),
    easy: fc.double({ min: 0, max: 1, noNaN: true }),
    misunderstood: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map((drawn) => ({ ...drawn, right: Math.min(drawn.right, drawn.candidates) }));

describe('the largest cluster of equal outputs', () => {
  it('is right wherever more programs are right than any set of wrong ones agrees on every test', () => {
    let applies = 0;
    fc.assert(
      fc.property(population, fc.nat(), (drawn, seed) => {
        const { matrix, right } = theoremProblem(drawn, seed);
        const wrong = new Map<string, number>();
        for (const { id, outputs } of matrix.candidates) {
          const key = JSON.stringify(outputs);
          // Where all tests are easy, wrong programs look right.
          const looksRight = outputs?.every((text) => text?.startsWith('right'));
          if (!right.has(id) && !looksRight) wrong.set(key, (wrong.get(key) ?? 0) + 1);
        }
        const indistinct = Math.round(drawn.easy * drawn.tests) === drawn.tests;
        if (indistinct || right.size < 2 || Math.max(0, ...wrong.values()) >= right.size) return;
        applies += 1;
        expect(right.has(select(matrix, policyWith({ signature: 'output' })).selected ?? '')).toBe(true);
      }),
      { numRuns: 1000, seed: 1 },
    );
    expect(applies).toBeGreaterThan(200);
  });

  it.each([
    { agreement: 0.3, tests: 10 },
    { agreement: 0.5, tests: 15 },
    { agreement: 0.7, tests: 30 },
    { agreement: 0.9, tests: 100 },
  ])('keeps the bound 1 − n²·p^|T| at p = $agreement with $tests tests', (regime) => {
    const drawn = { candidates: 64, right: 2, easy: 0, misunderstood: 0, ...regime };
    const runs = 200;
    const bound = theoremBound(drawn);
    expect(bound).toBeGreaterThan(0.5);
    // Four standard errors below the bound.
    const slack = 4 * Math.sqrt((bound * (1 - bound)) / runs);
    expect(shareRight(drawn, 'output', runs)).toBeGreaterThanOrEqual(bound - slack);
  });

  it('fails where wrong programs nearly always agree, as the vacuous bound warns', () => {
    const drawn = { candidates: 64, right: 8, tests: 10, agreement: 0.99, easy: 0, misunderstood: 0 };
    expect(theoremBound(drawn)).toBeLessThan(0);
    expect(shareRight(drawn, 'output', 50)).toBeLessThan(0.1);
  });

  it('fails where more wrong programs share a misunderstanding than are right, however many tests', () => {
    const drawn = { candidates: 64, right: 12, easy: 0.5, agreement: 0, tests: 100 };
    expect(shareRight({ ...drawn, misunderstood: 0.15 }, 'output', 50)).toBe(1);
    expect(shareRight({ ...drawn, misunderstood: 0.35 }, 'output', 50)).toBe(0);
  });
});

describe('the paper’s signature, pass bits', () => {
  it('fails where outputs do not: independent wrong programs that fail the same tests', () => {
    const drawn = { candidates: 64, right: 12, tests: 40, easy: 0.6, agreement: 0.3, misunderstood: 0 };
    expect(shareRight(drawn, 'output', 50)).toBe(1);
    expect(shareRight(drawn, 'outcome', 50)).toBe(0);
  });

  it('is right where right programs are the majority', () => {
    const drawn = { candidates: 64, right: 36, tests: 40, easy: 0.6, agreement: 0.3, misunderstood: 0.3 };
    expect(shareRight(drawn, 'outcome', 50)).toBe(1);
  });
});

describe('the plot', () => {
  it('draws every curve with its name', () => {
    const curves = measureCurves(3);
    const svg = theoremSvg(curves);
    expect(svg.match(/<polyline/g)).toHaveLength(curves.length);
    for (const { name } of curves) expect(svg).toContain(`>${name}</text>`);
  });
});
