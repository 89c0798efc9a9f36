import { describe, expect, it } from 'vitest';
import { SelectionConfig, SIGNAL_NAMES } from '../../../core/config/selection-config.ts';
import { select } from '../../../core/selection/select.ts';
import { SIGNALS } from '../../../core/selection/signals/registry.ts';
import { matrixOf } from './matrix-of.ts';
import { policyWith } from './policy.ts';

const agreeing = matrixOf({
  a: { bits: 'pp', perplexity: 1.3, signals: { lint: 0 } },
  b: { bits: 'pp', perplexity: 1.1, signals: { lint: 4 } },
  c: { bits: 'pp', signals: { lint: 0 } },
  d: { bits: 'pp', perplexity: 1.05 },
});

describe('signals', () => {
  it.each(SIGNAL_NAMES)('%s is registered under its own name', (name) => {
    expect(SIGNALS[name].name).toBe(name);
  });

  it('break ties by reliability, then perplexity, unless the settings say otherwise', () => {
    expect(select(agreeing, policyWith()).selected).toBe('d');
    expect(select(agreeing, policyWith({ tieBreakers: ['lint', 'perplexity'] })).selected).toBe('a');
    expect(select(agreeing, policyWith({ tieBreakers: [] })).selected).toBe('a');
  });

  it('put a candidate whose value is not known behind all whose value is, high or low', () => {
    const matrix = matrixOf({ a: 'p', b: { bits: 'p', signals: { lint: 9 } } });
    expect(select(matrix, policyWith({ tieBreakers: ['lint'] })).selected).toBe('b');
  });

  it('order clusters of equal size', () => {
    const matrix = matrixOf({
      a: { bits: 'pf', signals: { lint: 2 } },
      b: { bits: 'pf', signals: { lint: 3 } },
      y: { bits: 'fp', signals: { lint: 5 } },
      z: { bits: 'fp', signals: { lint: 1 } },
    });
    expect(select(matrix, policyWith({ tieBreakers: ['lint'] })).selected).toBe('z');
    const sizes = matrixOf({ a: 'pf', b: 'pf', x: 'ff', y: 'fp', z: 'fp' });
    expect(select(sizes, policyWith({ tieBreakers: ['pass-rate'] })).selected).toBe('a');
  });
});

describe('vetoes', () => {
  const vetoes = SelectionConfig.parse({ vetoes: [{ signal: 'lint', max: 0 }] }).vetoes;

  it('keep a candidate from being chosen, not from agreeing', () => {
    const selection = select(agreeing, policyWith({ vetoes, tieBreakers: ['reliability', 'perplexity'] }));
    expect(selection.clusters[0]?.members).toEqual(['a', 'b', 'c', 'd']);
    expect(selection.vetoed).toEqual([{ id: 'b', reason: 'lint 4 > 0' }]);
    expect(selection.vetoes).toEqual([{ signal: 'lint', vetoed: 1, notEvaluated: 1 }]);
  });

  it('pass over a cluster all of whose members are vetoed', () => {
    const bad = { bits: 'pp', signals: { lint: 1 } };
    const matrix = matrixOf({ a: bad, b: bad, c: bad, y: 'pf', z: 'pf' });
    const selection = select(matrix, policyWith({ vetoes }));
    expect(selection.selected).toBe('y');
    expect(selection.rules).toContainEqual({ rule: 'some-choosable', refused: 1, notEvaluated: 0 });
  });

  it('hold for strategies that draw', () => {
    const matrix = matrixOf({
      a: { bits: 'pp', signals: { lint: 1 } },
      b: { bits: 'pp', signals: { lint: 1 } },
      z: { bits: 'pp', perplexity: 5 },
    });
    for (const strategy of ['random-passing', 'success-threshold', 'lowest-perplexity'] as const) {
      for (let seed = 0; seed < 20; seed += 1)
        expect(select(matrix, policyWith({ vetoes, strategy, seed })).selected).toBe('z');
    }
  });

  it('take limits from below and from above', () => {
    const policy = (veto: object) =>
      policyWith({ vetoes: SelectionConfig.parse({ vetoes: [veto] }).vetoes, minClusterSize: 1 });
    const matrix = matrixOf({ a: 'pf', b: 'pp', c: 'pp' });
    expect(select(matrix, policy({ signal: 'pass-rate', min: 1 })).vetoed).toEqual([
      { id: 'a', reason: 'pass-rate 0.5 < 1' },
    ]);
    expect(select(matrix, policy({ signal: 'consensus', min: 0.5 })).vetoed.map(({ id }) => id)).toEqual([
      'a',
    ]);
    expect(() => SelectionConfig.parse({ vetoes: [{ signal: 'lint' }] })).toThrow('needs min, max or both');
  });
});
