import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../core/config/selection-config.ts';
import { select } from '../../../core/selection/select.ts';
import { STRATEGIES } from '../../../core/selection/strategies/registry.ts';
import { matrixOf, row } from './matrix-of.ts';
import { policyWith } from './policy.ts';

const selectedBy = (
  strategy: (typeof STRATEGY_NAMES)[number],
  matrix: ReturnType<typeof matrixOf>,
  seed = 0,
) => select(matrix, policyWith({ strategy, seed })).selected;

describe('strategies', () => {
  it.each(STRATEGY_NAMES)('%s is registered under its own name with one sentence', (name) => {
    expect(STRATEGIES[name].name).toBe(name);
    expect(STRATEGIES[name].summary).toMatch(/\.$|\)\.$/);
  });

  it.each(STRATEGY_NAMES)(
    '%s keeps the form of the contract where there is nothing to choose',
    (strategy) => {
      for (const matrix of [matrixOf({}), matrixOf({ c1: 'e', c2: 'e' }), matrixOf({ c1: '', c2: '' })]) {
        const selection = select(matrix, policyWith({ strategy, minReliability: 0 }));
        expect(selection).toMatchObject({ selected: null, strategy, reason: expect.stringMatching(/\S/) });
      }
    },
  );
});

describe('output-hash', () => {
  it('draws from the largest cluster of outputs, trivial or not', () => {
    const none = row('ff', 'None', 'None');
    const matrix = matrixOf({
      c1: none,
      c2: none,
      c3: none,
      c4: row('pp', '1', '2'),
      c5: row('pp', '1', '2'),
    });
    const drawn = new Set(Array.from({ length: 50 }, (_, seed) => selectedBy('output-hash', matrix, seed)));
    expect([...drawn].sort()).toEqual(['c1', 'c2', 'c3']);
    expect(selectedBy('output-consensus', matrix)).toBe('c4');
  });
});

describe('lowest-perplexity', () => {
  it('takes the lowest of the reliable ones, whatever they agree on', () => {
    const matrix = matrixOf({
      c1: { bits: 'pp', perplexity: 1.3 },
      c2: { bits: 'pp', perplexity: 1.2 },
      c3: { bits: 'ff', perplexity: 1.1 },
      c4: { bits: 'ee', perplexity: 1 },
      c5: 'pp',
    });
    expect(selectedBy('lowest-perplexity', matrix)).toBe('c3');
    expect(select(matrixOf({ c1: 'p' }), policyWith({ strategy: 'lowest-perplexity' })).reason).toBe(
      'no reliable candidate has a perplexity',
    );
  });
});

describe('success-threshold', () => {
  it('draws from those that pass half of the tests or more', () => {
    const matrix = matrixOf({ c1: 'ppff', c2: 'pfff', c3: 'pppp', c4: 'ppee' });
    const drawn = new Set(
      Array.from({ length: 50 }, (_, seed) => selectedBy('success-threshold', matrix, seed)),
    );
    expect([...drawn].sort()).toEqual(['c1', 'c3']);
  });
});

describe('codet', () => {
  it('weighs the size of a set with the tests that it passes', () => {
    // 3 × 1 against 2 × 4.
    const matrix = matrixOf({ c1: 'pfff', c2: 'pfff', c3: 'pfff', c4: 'pppp', c5: 'pppp' });
    expect(selectedBy('codet', matrix)).toBe('c4');
    expect(selectedBy('consensus', matrix)).toBe('c1');
  });
});

describe('majority-weighted', () => {
  it('finds the answers of the majority although its members differ on single tests', () => {
    const matrix = matrixOf({
      a1: row('ffff', '9', '9', '9', '8'),
      a2: row('ffff', '9', '9', '9', '8'),
      a3: row('ffff', '9', '9', '9', '8'),
      b1: row('ffff', '1', '2', '3', '4'),
      b2: row('ffff', '1', '2', '3', '4'),
      b3: row('ffff', '1', '2', '3', '0'),
      b4: row('ffff', '1', '2', '0', '4'),
      b5: row('ffff', '1', '0', '3', '4'),
    });
    const policy = policyWith({ strategy: 'majority-weighted', signature: 'output' });
    expect(select(matrix, policy).selected).toBe('b1');
    expect(selectedBy('output-consensus', matrix)).toBe('a1');
  });

  it('gives a test on which all agree no weight', () => {
    const matrix = matrixOf({
      a1: row('fff', '5', '5', '1'),
      a2: row('fff', '5', '5', '1'),
      b1: row('fff', '5', '5', '2'),
      b2: row('fff', '5', '5', '2'),
      b3: row('fff', '5', '5', '2'),
    });
    const policy = policyWith({ strategy: 'majority-weighted', signature: 'output' });
    expect(select(matrix, policy).selected).toBe('b1');
  });
});

describe('dual-output', () => {
  it('lets matched expected values decide between clusters of equal size', () => {
    const matrix = matrixOf({
      a1: row('ff', '1', '2'),
      a2: row('ff', '1', '2'),
      b1: row('pp', '3', '4'),
      b2: row('pp', '3', '4'),
    });
    expect(selectedBy('dual-output', matrix)).toBe('b1');
    expect(selectedBy('output-consensus', matrix)).toBe('a1');
  });

  it('does not let one matched value outweigh a clear majority', () => {
    const right = row('ff', '1', '2');
    const matrix = matrixOf({
      a1: right,
      a2: right,
      a3: right,
      a4: right,
      a5: right,
      b1: row('pf', '3', '4'),
      b2: row('pf', '3', '4'),
    });
    expect(selectedBy('dual-output', matrix)).toBe('a1');
  });
});
