import { describe, expect, it } from 'vitest';
import { select } from '../../../core/selection/select.ts';
import { matrixOf, row } from './matrix-of.ts';
import { policyWith } from './policy.ts';

describe('tests are weighed', () => {
  it('tells those that all reliable candidates pass and that none passes', () => {
    const selection = select(
      matrixOf({ a: 'pfpe', b: 'pffe', c: 'eeep' }),
      policyWith({ minReliability: 0.5 }),
    );
    expect(selection.tests).toMatchObject({ kept: 4, allPass: 1, allFail: 2, informative: 1 });
    expect(selection.health.degenerateTestRate).toBe(3 / 4);
  });

  it('keeps flaky tests unless a limit is set, then counts reliability without them', () => {
    const matrix = matrixOf({ a: 'ppyy', b: 'ppyp', c: 'ppyy', d: 'ppyp' });
    expect(select(matrix, policyWith({ minReliability: 0.6 })).droppedTests).toEqual(['t3']);
    const strict = select(matrix, policyWith({ maxFlakyShare: 0.4, minReliability: 1 }));
    expect(strict.droppedTests).toEqual(['t3', 't4']);
    expect(strict.tests.flaky).toEqual(['t4']);
    expect(strict.clusters.map(({ signature }) => signature)).toEqual(['11--']);
    expect(select(matrix, policyWith({ maxFlakyShare: 0.5, minReliability: 0.5 })).tests.flaky).toEqual([]);
  });

  it('recognises an expected value that the largest output cluster contradicts', () => {
    const matrix = matrixOf({
      a: row('pfp', '3', '0', '5'),
      b: row('pfp', '3', '0', '5'),
      c: row('ppf', '3', '1', '7'),
      d: row('fff', 'None', 'None', 'None'),
      e: row('fff', 'None', 'None', 'None'),
      f: row('fff', 'None', 'None', 'None'),
    });
    for (const signature of ['outcome', 'output'] as const)
      expect(select(matrix, policyWith({ signature })).tests.contradicted).toEqual(['t2']);
  });

  it('contradicts nothing by one candidate, by constants, or without values', () => {
    const alone = matrixOf({ a: row('ff', '1', '2'), b: row('ff', '3', '4') });
    expect(select(alone, policyWith({ minClusterSize: 1 })).tests.contradicted).toEqual([]);
    expect(select(matrixOf({ a: 'ff', b: 'ff' }), policyWith()).tests.contradicted).toEqual([]);
    const none = row('ff', 'None', 'None');
    expect(select(matrixOf({ a: none, b: none }), policyWith()).tests.contradicted).toEqual([]);
  });
});
