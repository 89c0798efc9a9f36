import { describe, expect, it } from 'vitest';
import { select } from '../../../core/selection/select.ts';
import { matrixOf, row } from './matrix-of.ts';
import { policyWith } from './policy.ts';

describe('select by consensus', () => {
  it('chooses the best member of the largest cluster', () => {
    const matrix = matrixOf({ c1: 'pf', c2: 'pp', c3: 'pp', c4: { bits: 'pp', perplexity: 1.1 } });
    const selection = select(matrix, policyWith());
    expect(selection).toMatchObject({
      id: 'p1',
      selected: 'c4',
      strategy: 'consensus',
      clusters: [
        { members: ['c2', 'c3', 'c4'], share: 0.75, signature: '11' },
        { members: ['c1'], share: 0.25, signature: '10' },
      ],
      rejected: [],
      droppedTests: [],
      evidence: { reliability: 1, passRate: 1, perplexity: 1.1, clusterShare: 0.75 },
    });
    expect(selection).not.toHaveProperty('reason');
  });

  it('drops a test that nobody answers, and counts reliability over the rest', () => {
    const selection = select(matrixOf({ c1: 'ppe', c2: 'ppt' }), policyWith());
    expect(selection.droppedTests).toEqual(['t3']);
    expect(selection.clusters).toEqual([{ members: ['c1', 'c2'], share: 1, signature: '11-' }]);
    expect(selection.selected).toBe('c1');
  });

  it('rejects below the threshold and says why; exactly the threshold is reliable', () => {
    const selection = select(matrixOf({ c1: 'pppep', c2: 'ppeep', c3: 'ppppp' }), policyWith());
    expect(selection.rejected).toEqual([{ id: 'c2', reason: 'reliability 0.6 < 0.8' }]);
    expect(selection.clusters.map(({ members }) => members)).toEqual([['c3'], ['c1']]);
  });

  it('never writes a reliability that looks like the threshold', () => {
    const bits = `${'p'.repeat(799)}${'e'.repeat(201)}`;
    const selection = select(matrixOf({ c1: bits, c2: 'p'.repeat(1000) }), policyWith());
    expect(selection.rejected).toEqual([{ id: 'c1', reason: 'reliability 0.799 < 0.8' }]);
  });

  it('counts passes instead of answers where asked to', () => {
    const matrix = matrixOf({ c1: 'pppff', c2: 'pppff', c3: 'ppppp', c4: 'ppppf' });
    expect(select(matrix, policyWith()).selected).toBe('c1');
    const selection = select(matrix, policyWith({ reliability: 'passes', minClusterSize: 1 }));
    expect(selection.selected).toBe('c3');
    expect(selection.rejected.map(({ id }) => id)).toEqual(['c1', 'c2']);
  });

  it('passes over a larger cluster that fails everything', () => {
    const selection = select(matrixOf({ c1: 'ff', c2: 'ff', c3: 'ff', c4: 'pf', c5: 'pf' }), policyWith());
    expect(selection.selected).toBe('c4');
    expect(selection.rules).toContainEqual({ rule: 'some-pass', refused: 1, notEvaluated: 0 });
  });

  it('orders equal clusters by their best members: reliability, perplexity, id', () => {
    const byReliability = matrixOf({ a: 'ppppe', b: 'ppppe', y: 'ppppf', z: 'ppppf' });
    expect(select(byReliability, policyWith()).selected).toBe('y');
    const byPerplexity = matrixOf({ a: 'pf', b: 'pf', y: 'pp', z: { bits: 'pp', perplexity: 2 } });
    expect(select(byPerplexity, policyWith()).selected).toBe('z');
    expect(select(matrixOf({ a: 'pf', b: 'pf', y: 'pp', z: 'pp' }), policyWith()).selected).toBe('a');
  });

  it('orders ids by UTF-16 code units', () => {
    expect(select(matrixOf({ c9: 'p', c10: 'p' }), policyWith()).selected).toBe('c10');
    // A surrogate pair begins at U+D83D, which is below U+FFFD although its code point is above.
    const selection = select(matrixOf({ '\uFFFD': 'p', '\u{1F600}': 'p' }), policyWith());
    expect(selection.clusters[0]?.members).toEqual(['\u{1F600}', '\uFFFD']);
    expect(select(matrixOf({ a: 'p', B: 'p' }), policyWith()).selected).toBe('B');
  });

  it('treats flaky and not-run as neither an answer nor a pass', () => {
    const selection = select(
      matrixOf({ c1: 'ppyn', c2: 'pppp' }),
      policyWith({ minReliability: 0.5, minClusterSize: 1 }),
    );
    expect(selection.clusters.map(({ signature }) => signature)).toEqual(['1111', '1100']);
    expect(selection.health.flakyRate).toBe(1 / 8);
  });

  it('selects nothing without candidates, without tests, or without answers, and says why', () => {
    expect(select(matrixOf({}, { tests: 2 }), policyWith())).toMatchObject({
      selected: null,
      reason: 'there are no candidates',
      clusters: [],
      droppedTests: ['t1', 't2'],
    });
    expect(select(matrixOf({ c1: '', c2: '' }), policyWith())).toMatchObject({
      selected: null,
      reason: 'no candidate reaches reliability 0.8; the best has 0',
      rejected: [
        { id: 'c1', reason: 'reliability 0 < 0.8' },
        { id: 'c2', reason: 'reliability 0 < 0.8' },
      ],
    });
    for (const signature of ['outcome', 'output'] as const) {
      const selection = select(matrixOf({ c1: 'e', c2: 't' }), policyWith({ minReliability: 0, signature }));
      expect(selection.selected).toBeNull();
      expect(selection.clusters).toHaveLength(1);
    }
  });

  it('names the members that the largest cluster lacks', () => {
    expect(select(matrixOf({ c1: 'pf', c2: 'pp' }), policyWith()).reason).toBe(
      'no cluster is a consensus; the largest has 1 member: 1 of the 2 members needed',
    );
    expect(select(matrixOf({ c1: 'pf', c2: 'pp' }), policyWith({ minClusterSize: 1 })).selected).toBe('c1');
  });

  it('asks for a share of all candidates only where told to', () => {
    const matrix = matrixOf({ c1: 'pp', c2: 'pp', c3: 'pf', c4: 'fp', c5: 'ee' });
    expect(select(matrix, policyWith()).selected).toBe('c1');
    expect(select(matrix, policyWith({ minShare: 0.4 })).selected).toBe('c1');
    expect(select(matrix, policyWith({ minShare: 0.41 })).selected).toBeNull();
  });
});

describe('select by returned values', () => {
  const policy = policyWith({ signature: 'output' });

  it('needs no pass', () => {
    const matrix = matrixOf({ c1: row('ff', '1', '2'), c2: row('ff', '1', '2'), c3: row('pf', '1', '3') });
    expect(select(matrix, policy)).toMatchObject({
      selected: 'c1',
      clusters: [
        { members: ['c1', 'c2'], signature: ['1', '2'] },
        { members: ['c3'], signature: ['1', '3'] },
      ],
    });
  });

  it('refuses a constant over two or more tests, and keeps it for one', () => {
    const nones = matrixOf({
      c1: row('ff', 'None', 'None'),
      c2: row('ff', 'None', 'None'),
      c3: row('ff', 'None', 'None'),
      c4: row('pp', '1', '2'),
      c5: row('pp', '1', '2'),
    });
    expect(select(nones, policy).selected).toBe('c4');
    expect(select(matrixOf({ c1: row('f', 'None'), c2: row('f', 'None') }), policy).selected).toBe('c1');
  });

  it('does not let a dropped test tell candidates apart, or make a constant vary', () => {
    const matrix = matrixOf({ c1: row('ppe', '1', '2', null), c2: row('ppt', '1', '2', null) });
    expect(select(matrix, policyWith({ signature: 'output', minReliability: 0 })).clusters).toEqual([
      { members: ['c1', 'c2'], share: 1, signature: ['1', '2'] },
    ]);
    const constant = matrixOf({ c1: row('ppe', '1', '1', null), c2: row('ppt', '1', '1', null) });
    expect(select(constant, policy).selected).toBeNull();
  });

  it('writes the outcome where an answer has no text, and where there is no answer', () => {
    const matrix = matrixOf({ c1: row('pfep', null, null, null, '7'), c2: row('fppp', '0', '1', '2', '7') });
    const selection = select(
      matrix,
      policyWith({ signature: 'output', minReliability: 0, minClusterSize: 1 }),
    );
    expect(selection.clusters.map(({ signature }) => signature)).toContainEqual([
      'pass',
      'fail',
      'error',
      '7',
    ]);
  });

  it('takes no text from what is not an answer', () => {
    const matrix = matrixOf({ c1: row('py', '1', '2'), c2: row('pp', '1', '2') });
    const selection = select(matrix, policyWith({ signature: 'output', minReliability: 0 }));
    expect(selection.clusters.map(({ signature }) => signature)).toEqual([
      ['1', '2'],
      ['1', 'flaky'],
    ]);
  });

  it('keeps texts apart that would join to the same line', () => {
    const matrix = matrixOf({ c1: row('pp', 'a,b', 'c'), c2: row('pp', 'a', 'b,c') });
    expect(select(matrix, policy).clusters).toHaveLength(2);
  });

  it('is what output-consensus does', () => {
    const matrix = matrixOf({ c1: row('ff', '1', '2'), c2: row('ff', '1', '2'), c3: row('pp', '1', '3') });
    const { strategy: _, ...byName } = select(matrix, policyWith({ strategy: 'output-consensus' }));
    const { strategy: __, ...byFlag } = select(matrix, policy);
    expect(byName).toEqual(byFlag);
  });
});

describe('select at random', () => {
  const matrix = matrixOf({ c1: 'pp', c2: 'pf', c3: 'ff', c4: 'ee', c5: 'pp' });

  it('draws from the reliable ones that pass something, each about equally often', () => {
    const drawn = new Map<string | null, number>();
    for (let seed = 0; seed < 3000; seed += 1) {
      const { selected } = select(matrix, policyWith({ strategy: 'random-passing', seed }));
      drawn.set(selected, (drawn.get(selected) ?? 0) + 1);
    }
    expect([...drawn.keys()].sort()).toEqual(['c1', 'c2', 'c5']);
    for (const count of drawn.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('depends on the problem’s id', () => {
    const selections = Array.from({ length: 40 }, (_, i) => {
      const policy = policyWith({ strategy: 'random-passing' });
      return select({ ...matrix, id: `p${i}` }, policy).selected;
    });
    expect(new Set(selections).size).toBeGreaterThan(1);
  });

  it('selects nothing where nobody passes', () => {
    expect(select(matrixOf({ c1: 'f', c2: 'f' }), policyWith({ strategy: 'random-passing' }))).toMatchObject({
      selected: null,
      reason: 'no reliable candidate passes a test',
    });
  });
});
