/** The formulas that selection rests on, with numbers worked out by hand from the sources that their docstrings name. */
import { describe, expect, it } from 'vitest';
import { NearDuplicates } from '../../../core/problems/near-duplicates.ts';
import { jaccard, shinglesOf, wordsOf } from '../../../core/problems/shingles.ts';
import { PredictiveUrn } from '../../../core/sampling/predictive-urn.ts';
import { type CandidateGroup, groupCandidates, rankClusters } from '../../../core/selection/clusters.ts';
import { perplexityBins, perplexityEdge } from '../../../core/selection/perplexity-bins.ts';
import { compareIds, measurePopulation, type Population } from '../../../core/selection/population.ts';
import { reliabilityOf } from '../../../core/selection/reliability.ts';
import { select } from '../../../core/selection/select.ts';
import { signalContext } from '../../../core/selection/signal-context.ts';
import { SIGNALS } from '../../../core/selection/signals/registry.ts';
import { testVotes } from '../../../core/selection/strategies/weighted-support.ts';
import { bootstrapMean } from '../../../core/statistics/bootstrap.ts';
import { passAtK } from '../../../core/statistics/pass-at-k.ts';
import { negativeBinomial, powerOf } from '../../../core/statistics/power-series.ts';
import { matrixOf, row } from './matrix-of.ts';
import { policyWith } from './policy.ts';

const candidateOf = (population: Population, id: string) => {
  const found = population.candidates.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`There is no candidate ${id}.`);
  return found;
};

describe('e(r) and s(r) of arXiv 2512.17385', () => {
  // t5 is dropped: nobody answers it. Of the other four, a answers 3 and passes 2, b answers and passes 1.
  const population = measurePopulation(matrixOf({ a: 'ppfee', b: 'ptete', c: 'ppfft', d: 'ppfft' }));

  it('e(r) is the share of tests that ran, or that passed', () => {
    const [a, b] = [candidateOf(population, 'a'), candidateOf(population, 'b')];
    const tests = population.kept.length;
    expect(tests).toBe(4);
    expect([a, b].map((one) => reliabilityOf(one, 'executes', tests))).toEqual([3 / 4, 1 / 4]);
    expect([a, b].map((one) => reliabilityOf(one, 'passes', tests))).toEqual([2 / 4, 1 / 4]);
  });

  it('s(r) is the share of all candidates in the cluster, those of other clusters and unreliable ones counted', () => {
    const reliable = population.candidates.filter(({ id }) => id !== 'b');
    const groups: CandidateGroup[] = groupCandidates(population, reliable, 'output');
    const context = signalContext(population, groups, 'executes');
    const strength = (id: string) => SIGNALS.consensus.valueOf(candidateOf(population, id), context);
    expect(['a', 'c', 'd'].map(strength)).toEqual([1 / 4, 2 / 4, 2 / 4]);
    expect(SIGNALS['pass-rate'].valueOf(candidateOf(population, 'c'), context)).toBe(2 / 4);
  });
});

describe('health of a consensus', () => {
  it('is share, margin and Shannon’s entropy of the clusters 4, 2, 1 and 1, of ten candidates', () => {
    const rows = { a: 'ppp', b: 'ppp', c: 'ppp', d: 'ppp', e: 'ppf', f: 'ppf', g: 'pfp', h: 'fff' };
    const { health } = select(matrixOf({ ...rows, i: 'eee', j: 'eee' }), policyWith());
    expect(health).toMatchObject({
      candidates: 10,
      reliable: 8,
      clusters: 4,
      largestShare: 0.4,
      margin: 0.2,
    });
    // 1/2 · 1 + 1/4 · 2 + 2 · 1/8 · 3
    expect(health.entropyBits).toBeCloseTo(1.75, 12);
  });
});

describe('dual agreement (CodeT, arXiv 2207.10397)', () => {
  const codet = (rows: Record<string, string>) =>
    select(matrixOf(rows), policyWith({ strategy: 'codet', minClusterSize: 1 })).selected;

  it('scores a set by its size times the tests that it passes', () => {
    // 3 × 2 = 6 against 2 × 4 = 8, and against 1 × 4 = 4.
    expect(codet({ a: 'ppff', b: 'ppff', c: 'ppff', x: 'pppp', y: 'pppp' })).toBe('x');
    expect(codet({ a: 'ppff', b: 'ppff', c: 'ppff', x: 'pppp' })).toBe('a');
    // 2 × 2 = 1 × 4: the larger set.
    expect(codet({ a: 'pppp', x: 'ppff', y: 'ppff' })).toBe('x');
  });
});

describe('support and weight of each test (MBR-Exec, arXiv 2204.11454; Shannon, 1948)', () => {
  const matrix = matrixOf({
    a: row('pff', '1', '7', '5'),
    b: row('pff', '1', '7', '5'),
    c: row('ppf', '1', '8', '5'),
    d: row('pef', '1', null, '6'),
  });
  const population = measurePopulation(matrix);
  const votesBy = (signature: 'output' | 'outcome') =>
    testVotes(
      population.kept,
      rankClusters(groupCandidates(population, population.candidates, signature), (a, b) =>
        compareIds(a.id, b.id),
      ),
      signature,
    );

  it('weighs a test by the entropy of its entries', () => {
    // {1: 4}; {7: 2, 8: 1, error: 1}; {5: 3, 6: 1}
    const weights = votesBy('output').map(({ weight }) => weight);
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeCloseTo(1.5, 12);
    expect(weights[2]).toBeCloseTo(2 - 0.75 * Math.log2(3), 12);
    // {1: 4}; {0: 3, 1: 1}; {0: 4}
    expect(votesBy('outcome').map(({ weight }) => weight)).toEqual([0, expect.closeTo(0.811278, 6), 0]);
  });

  it('supports an answer by the share that gives it, and no error', () => {
    const support = (id: string) =>
      votesBy('output').map(({ supportOf }) => supportOf(candidateOf(population, id)));
    expect(support('a')).toEqual([1, 1 / 2, 3 / 4]);
    expect(support('c')).toEqual([1, 1 / 4, 3 / 4]);
    expect(support('d')).toEqual([1, 0, 1 / 4]);
  });

  it('asks whether the answer that most give is the expected one', () => {
    expect(votesBy('output').map(({ favouritePasses }) => favouritePasses)).toEqual([true, false, false]);
  });

  it('lets every test weigh the same where none tells anything', () => {
    const same = measurePopulation(matrixOf({ a: 'pf', b: 'pf' }));
    const groups = groupCandidates(same, same.candidates, 'outcome');
    const votes = testVotes(
      same.kept,
      rankClusters(groups, (a, b) => compareIds(a.id, b.id)),
      'outcome',
    );
    expect(votes.map(({ weight }) => weight)).toEqual([1, 1]);
  });
});

describe('dual-output (ours)', () => {
  it('is support × (0.02 + passed)^(1.5 × trust)', () => {
    // Two tests of 1 bit each: all have the support 1/2 + 1/2. Both favourites are ties, which go to the answer that
    // passes, so that trust is 1: x has 1 · 1.02^1.5, a has 1 · 0.02^1.5.
    const even = matrixOf({
      a: row('ff', '1', '2'),
      b: row('ff', '1', '2'),
      x: row('pp', '3', '4'),
      y: row('pp', '3', '4'),
    });
    // Five against two: the favourites fail, trust is 0, and support alone counts: 10/7 against 4/7.
    const wrong = row('ff', '1', '2');
    const distrusted = matrixOf({
      a: wrong,
      b: wrong,
      c: wrong,
      d: wrong,
      e: wrong,
      x: row('pp', '3', '4'),
      y: row('pp', '3', '4'),
    });
    // Of two tests one favourite passes, trust 1/2: a has 8/7 · (0.02 + 1/2)^0.75, x has 6/7 · (0.02 + 1/2)^0.75.
    const half = matrixOf({
      a: row('pf', '1', '2'),
      b: row('pf', '1', '2'),
      c: row('pf', '1', '2'),
      d: row('pf', '1', '2'),
      x: row('fp', '3', '4'),
      y: row('fp', '3', '4'),
      z: row('fp', '3', '4'),
    });
    const chosen = (matrix: ReturnType<typeof matrixOf>) =>
      select(matrix, policyWith({ strategy: 'dual-output' })).selected;
    expect([even, distrusted, half].map(chosen)).toEqual(['x', 'a', 'a']);
  });
});

describe('quality over perplexity (Youden, 1950)', () => {
  it('puts the edge where sensitivity + specificity − 1 is highest', () => {
    const bins = perplexityBins(
      measurePopulation(
        matrixOf({
          a: { bits: 'p', perplexity: 1.005 },
          b: { bits: 'p', perplexity: 1.035 },
          c: { bits: 'f', perplexity: 1.015 },
          d: { bits: 'f', perplexity: 1.07 },
          e: { bits: 'f', perplexity: 1.4 },
        }),
      ),
    );
    // J: 1/2 − 0 below 1.01, 1/2 − 1/3 below 1.02 and 1.03, 1 − 1/3 from 1.04 to 1.06, then 1 − 2/3.
    expect(perplexityEdge(bins)).toEqual({ perplexity: 1.04, below: 2 / 3, above: 0 });
  });
});

describe('pass@k (arXiv 2107.03374)', () => {
  it('is 1 − C(n − c, k) / C(n, k)', () => {
    // 1 − C(7, 5) / C(10, 5) = 1 − 21 / 252; 1 − C(4, 2) / C(6, 2) = 1 − 6 / 15; too few wrong ones to draw only such.
    expect(passAtK(10, 3, 5)).toBeCloseTo(1 - 21 / 252, 12);
    expect(passAtK(6, 2, 2)).toBeCloseTo(0.6, 12);
    expect(passAtK(6, 5, 2)).toBe(1);
    expect(passAtK(1, 0, 1)).toBe(0);
  });
});

describe('the bootstrap interval (Efron, 1979)', () => {
  it('of 0 and 1 is between the quantiles of means that are 0, ½ and 1 in a quarter, a half and a quarter', () => {
    expect(bootstrapMean([0, 1])).toEqual({ mean: 0.5, low: 0, high: 1 });
    // 30 % and 70 % lie well within the half in the middle, 20 % and 80 % well without.
    expect(bootstrapMean([0, 1], { level: 0.4 })).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(bootstrapMean([0, 1], { level: 0.6 })).toEqual({ mean: 0.5, low: 0, high: 1 });
  });

  it('of equal values is that value, and of nothing unknown', () => {
    expect(bootstrapMean([3, 3, 3])).toEqual({ mean: 3, low: 3, high: 3 });
    expect(bootstrapMean([])).toEqual({ mean: Number.NaN, low: Number.NaN, high: Number.NaN });
  });
});

describe('near duplicates (Broder, 1997; Jaccard, 1901)', () => {
  const index = (left: string, right: string) =>
    jaccard(shinglesOf(wordsOf(left), 3), shinglesOf(wordsOf(right), 3));

  it('share shared word sequences over all of both', () => {
    // {sum of all, of all odd, all odd numbers} and {sum of all, of all even, all even numbers}
    expect(index('sum of all odd numbers', 'sum of all even numbers')).toBe(1 / 5);
    expect(index('a b c d', 'b c d e')).toBe(1 / 3);
    expect(index('Is_Even of n', 'is even, of N')).toBe(1);
    expect(index('a b', 'a b')).toBe(1);
    expect(index('a b', 'a c')).toBe(0);
  });

  it('count from the threshold on', () => {
    const of = (threshold: number) => {
      const near = new NearDuplicates(threshold);
      near.add('a b c d e f');
      return near.has('a b c d e g');
    };
    // 3 of 5.
    expect([of(0.6), of(0.61)]).toEqual([true, false]);
  });
});

describe('the process of candidates to come (Pitman and Yor, 1997)', () => {
  it('discounts by the clusters of one and two members: 3 / (3 + 2 · (1 + 1))', () => {
    const { discount, unseen, weight, nowhere } = new PredictiveUrn({
      sizes: [2, 1, 1, 1],
      sampled: 7,
      total: 9,
    });
    expect(discount).toBeCloseTo(3 / 7, 12);
    expect(unseen).toBeCloseTo(1 / 2 + 4 * (3 / 7), 12);
    expect(nowhere).toBe(2);
    expect(weight).toBe(7.5);
    // The weights of clusters, of what was never seen and of nowhere add up.
    expect(5 - 4 * discount + unseen + nowhere).toBeCloseTo(weight, 12);
  });

  it('gives the chance of one more candidate by these weights', () => {
    const urn = new PredictiveUrn({ sizes: [2], sampled: 2, total: 3 });
    // No singleton, so no discount: the next joins with 2 / 2.5, and is born with 0.5 / 2.5.
    expect(urn.chanceThatNoneReaches(3)).toBeCloseTo(0.2, 12);
    expect(urn.chanceThatNoneReaches(4)).toBeCloseTo(1, 12);
    expect(urn.chanceThatNoneReaches(2)).toBe(0);
  });

  it('rests on negative binomials and their sums', () => {
    // w = 1 is geometric; two of them are w = 2: (x + 1) · rˣ · (1 − r)².
    expect([...negativeBinomial(1, 0.5, 3)]).toEqual(
      [0.5, 0.25, 0.125, 0.0625].map((value) => expect.closeTo(value, 12)),
    );
    const two = [0.25, 0.25, 0.1875, 0.125].map((value) => expect.closeTo(value, 12));
    expect([...negativeBinomial(2, 0.5, 3)]).toEqual(two);
    expect([...powerOf(negativeBinomial(1, 0.5, 3), 2, 3)]).toEqual(two);
  });
});
