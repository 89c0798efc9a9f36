import { describe, expect, it } from 'vitest';
import { SelectionConfig } from '../../../core/config/selection-config.ts';
import { lintTargets, usesLint } from '../../../core/selection/signals/lint-findings.ts';
import { matrixOf } from './matrix-of.ts';
import { policyWith } from './policy.ts';

describe('lint', () => {
  it('is asked for by a tie-breaker or a veto only', () => {
    expect(usesLint(SelectionConfig.parse({}))).toBe(false);
    expect(usesLint(SelectionConfig.parse({ tieBreakers: ['lint'] }))).toBe(true);
    expect(usesLint(SelectionConfig.parse({ vetoes: [{ signal: 'lint', max: 0 }] }))).toBe(true);
  });

  it('is measured in the clusters that may decide', () => {
    const matrix = matrixOf({
      c: { bits: 'pp', code: 'c' },
      a: { bits: 'pp', code: 'a' },
      b: { bits: 'pp', code: '' },
      alone: { bits: 'pf', code: 'x' },
      f1: { bits: 'ff', code: 'x' },
      f2: { bits: 'ff', code: 'x' },
      unreliable: { bits: 'ee', code: 'x' },
    });
    expect(lintTargets(matrix, policyWith())).toEqual([
      { id: 'a', code: 'a' },
      { id: 'c', code: 'c' },
    ]);
    const drawing = lintTargets(matrix, policyWith({ strategy: 'random-passing' }));
    expect(drawing.map(({ id }) => id)).toEqual(['a', 'alone', 'c', 'f1', 'f2']);
  });
});
