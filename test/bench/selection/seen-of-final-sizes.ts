/**
 * How likely it is to see clusters of some sizes among the first candidates of a run whose final sizes are known.
 * Candidates come in random order, so that the first ones are drawn without replacement (multivariate hypergeometric);
 * which final cluster each seen one belongs to is unknown, so that all ways count.
 */

/** Sizes of clusters, the largest first, and the candidates in none. */
export type Sizes = { clusters: readonly number[]; nowhere: number };

export type Likelihood = {
  /** Up to a factor that is the same for all final sizes. */
  all: number;
  /** The part of it in which the leading cluster seen is a largest one in the end. */
  leaderWins: number;
};

const NEVER: Likelihood = { all: 0, leaderWins: 0 };

export const likelihoodOf = (seen: Sizes, end: Sizes): Likelihood => {
  const nowhere = choose(end.nowhere, seen.nowhere);
  const fits = seen.clusters.every((size, rank) => size <= (end.clusters[rank] ?? 0));
  if (nowhere === 0 || !fits) return NEVER;
  const [winner, ...others] = end.clusters;
  if (winner === undefined) return { all: nowhere, leaderWins: 0 };
  const kinds = kindsOf(seen.clusters);
  const ways = waysToGive(kinds, others);
  const full = ways.length - 1;
  let all = ways[full] ?? 0;
  for (const { size, step } of kinds) all += choose(winner, size) * (ways[full - step] ?? 0);
  const [leader] = kinds;
  if (!leader) return { all: nowhere * all, leaderWins: 0 };
  const tied = end.clusters.filter((size) => size === winner).length;
  const leads = (tied * choose(winner, leader.size) * (ways[full - leader.step] ?? 0)) / leader.count;
  return { all: nowhere * all, leaderWins: nowhere * leads };
};

/** Seen clusters of one size; `step` is what one of them adds to the number of a state below. */
type Kind = { size: number; count: number; step: number };

const kindsOf = (sizes: readonly number[]): Kind[] => {
  const kinds: Kind[] = [];
  let step = 1;
  for (const size of new Set(sizes)) {
    const count = sizes.filter((other) => other === size).length;
    kinds.push({ size, count, step });
    step *= count + 1;
  }
  return kinds;
};

/**
 * By state, that is how many seen clusters of each size are given to a final cluster: the sum over all ways, each
 * final cluster given one or none, of the product of ways to draw them.
 */
const waysToGive = (kinds: readonly Kind[], finals: readonly number[]): Float64Array => {
  const states = kinds.reduce((product, { count }) => product * (count + 1), 1);
  let ways = new Float64Array(states);
  ways[0] = 1;
  for (const final of finals) {
    const next = ways.slice();
    for (const { size, count, step } of kinds) {
      const draws = choose(final, size);
      if (draws === 0) continue;
      const block = step * (count + 1);
      for (let start = 0; start < states; start += block)
        for (let state = start; state < start + step * count; state += 1)
          next[state + step] = (next[state + step] ?? 0) + draws * (ways[state] ?? 0);
    }
    ways = next;
  }
  return ways;
};

const binomials = new Map<number, number[]>();

const choose = (n: number, k: number): number => {
  let row = binomials.get(n);
  if (!row) {
    row = [1];
    for (let i = 1; i <= n; i += 1) row.push(((row[i - 1] ?? 0) * (n - i + 1)) / i);
    binomials.set(n, row);
  }
  return row[k] ?? 0;
};
