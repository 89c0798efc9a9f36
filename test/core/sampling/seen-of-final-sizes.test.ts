import { describe, expect, it } from 'vitest';
import { likelihoodOf, type Sizes } from '../../bench/selection/seen-of-final-sizes.ts';

/** All ways to draw `sampled` of a run's candidates; -1: in no cluster. */
const draws = (run: readonly number[], sampled: number): number[][] => {
  const [first, ...others] = run;
  if (sampled === 0) return [[]];
  if (first === undefined) return [];
  return [...draws(others, sampled - 1).map((rest) => [first, ...rest]), ...draws(others, sampled)];
};

const sizesOf = (drawn: readonly number[]): Map<number, number> => {
  const sizes = new Map<number, number>();
  for (const cluster of drawn) if (cluster >= 0) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  return sizes;
};

describe('likelihoodOf', () => {
  it.each<Sizes>([
    { clusters: [4, 2, 1], nowhere: 2 },
    { clusters: [3, 3, 2, 1, 1], nowhere: 0 },
    { clusters: [1, 1], nowhere: 4 },
  ])('counts every way to draw the first candidates of %j', (end) => {
    const run = [
      ...end.clusters.flatMap((size, cluster) => Array(size).fill(cluster)),
      ...Array(end.nowhere).fill(-1),
    ];
    const isWinner = (cluster: number) => end.clusters[cluster] === end.clusters[0];
    for (const sampled of [2, 3, 5]) {
      const seen = new Map<string, { sizes: Sizes; ways: number; leaderWins: number }>();
      for (const drawn of draws(run, sampled)) {
        const sizes = [...sizesOf(drawn)].sort((a, b) => b[1] - a[1]);
        const clusters = sizes.map(([, size]) => size);
        const nowhere = drawn.filter((cluster) => cluster < 0).length;
        const entry = seen.get(`${clusters}/${nowhere}`) ?? {
          sizes: { clusters, nowhere },
          ways: 0,
          leaderWins: 0,
        };
        // Among equally large ones chance says which leads.
        const leaders = sizes.filter(([, size]) => size === clusters[0]);
        entry.ways += 1;
        if (leaders.length > 0)
          entry.leaderWins += leaders.filter(([cluster]) => isWinner(cluster)).length / leaders.length;
        seen.set(`${clusters}/${nowhere}`, entry);
      }
      for (const { sizes, ways, leaderWins } of seen.values()) {
        const likelihood = likelihoodOf(sizes, end);
        expect(likelihood.all).toBeCloseTo(ways, 9);
        expect(likelihood.leaderWins).toBeCloseTo(leaderWins, 9);
      }
    }
  });

  it('is nothing for sizes that the run cannot have shown', () => {
    expect(likelihoodOf({ clusters: [3], nowhere: 0 }, { clusters: [2, 2], nowhere: 9 }).all).toBe(0);
    expect(likelihoodOf({ clusters: [1], nowhere: 3 }, { clusters: [2, 2], nowhere: 2 }).all).toBe(0);
  });
});
