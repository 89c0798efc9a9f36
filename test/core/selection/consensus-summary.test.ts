import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseConsensus } from '../../../core/selection/consensus-summary.ts';
import {
  emptyPerplexityBins,
  perplexityBins,
  perplexityEdge,
} from '../../../core/selection/perplexity-bins.ts';
import { measurePopulation } from '../../../core/selection/population.ts';
import { StoredSelection, selectToStore } from '../../../core/selection/stored-selection.ts';
import { arbitraryMatrix } from './arbitrary-matrix.ts';
import { matrixOf, row } from './matrix-of.ts';
import { policyWith } from './policy.ts';

describe('quality over perplexity', () => {
  it('counts candidates and successes by bin, and leaves out unknown perplexities', () => {
    const bins = perplexityBins(
      measurePopulation(
        matrixOf({
          a: { bits: 'ppppf', perplexity: 1 },
          b: { bits: 'pppff', perplexity: 1.005 },
          c: { bits: 'ppppp', perplexity: 1.01 },
          d: { bits: 'fffff', perplexity: 40 },
          e: 'ppppp',
        }),
      ),
    );
    expect(bins.candidates.slice(0, 2)).toEqual([2, 1]);
    expect(bins.successful.slice(0, 2)).toEqual([1, 1]);
    expect(bins.candidates.at(-1)).toBe(1);
    expect(bins.candidates.reduce((sum, n) => sum + n, 0)).toBe(4);
  });

  it('finds the edge that parts successes from the rest best', () => {
    const bins = emptyPerplexityBins();
    bins.candidates = [10, 10, 10, 10, 10, 10, 10, 0, 0, 0, 0, 0, 0, 0];
    bins.successful = [9, 9, 9, 8, 8, 2, 1, 0, 0, 0, 0, 0, 0, 0];
    expect(perplexityEdge(bins)).toEqual({ perplexity: 1.05, below: 43 / 50, above: 3 / 20 });
    expect(perplexityEdge(emptyPerplexityBins())).toBeUndefined();
  });
});

describe('the summary of an iteration’s consensus', () => {
  const policy = policyWith({ signature: 'output', vetoes: [{ signal: 'lint', max: 0 }] });
  const stored = (rows: Parameters<typeof matrixOf>[0]) => selectToStore(matrixOf(rows), policy);

  it('sums what happened to clusters, candidates and tests, and takes means of the health', () => {
    const same = { ...row('pf', '1', '2'), code: 'x' };
    const none = row('ff', 'None', 'None');
    const summary = summariseConsensus([
      stored({ a: same, b: same, c: { ...same, signals: { lint: 2 } } }),
      stored({ a: none, b: none }),
    ]);
    expect(summary).toMatchObject({
      problems: 2,
      decided: 1,
      largestShare: 1,
      tests: { kept: 4, informative: 0, allPass: 1, allFail: 3, contradicted: 1 },
      refusedClusters: { 'varied-answers': 1 },
      vetoedCandidates: { lint: 1 },
      notEvaluated: { lint: 4 },
      oneTextClusters: 1,
    });
  });

  it('does not call two equal texts, or three different ones, a collapse', () => {
    const text = (code: string) => ({ ...row('pf', '1', '2'), code });
    const summary = summariseConsensus([
      stored({ a: text('x'), b: text('x') }),
      stored({ a: text('x'), b: text('y'), c: text('x') }),
    ]);
    expect(summary.oneTextClusters).toBe(0);
  });

  it('is of nothing where there is nothing', () => {
    expect(summariseConsensus([])).toMatchObject({ problems: 0, decided: 0, largestShare: 0 });
  });

  it('is stored in the form that its schema says', () => {
    fc.assert(
      fc.property(arbitraryMatrix, (matrix) => {
        const selection = selectToStore(matrix, policyWith({ minReliability: 0.3 }));
        expect(StoredSelection.parse(selection)).toEqual(selection);
      }),
      { numRuns: 300 },
    );
  });
});
