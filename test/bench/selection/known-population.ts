/**
 * What a rule would need that knows the population: the final sizes of all recorded runs, the present one's among them.
 * By Bayes' theorem it has the exact chance that the present outcome is that of all candidates, and no rule that looks
 * at sizes only can have a better one; when to stop is found by backward induction over that chance (Longstaff and
 * Schwartz, Rev. Financ. Stud. 14, 2001), with a price on errors (Lagrange) that makes them one in a hundred. Of equally
 * large clusters in the end each counts as the winner, which is easier than the campaign's rule.
 */
import { markdownTable } from '../../../core/report/markdown-table.ts';
import { seededRandom, shuffled } from '../../../core/statistics/seeded-random.ts';
import {
  type RecordedRun,
  RUN_LENGTH,
  runsOfTheBaseModel,
  sizesOf,
} from '../../core/sampling/stopping-rules.ts';
import { likelihoodOf, type Sizes } from './seen-of-final-sizes.ts';

/** Each run in so many random orders: its own is only one of those that its sizes could have come in. */
const ORDERS = 8;
const GROUPS = 20;
const ERRORS = 0.01;
const LEAST_SIZE = 2;

const every = (step: number): number[] =>
  Array.from({ length: RUN_LENGTH / step - 1 }, (_, index) => step * (index + 1));

const SCHEDULES: Readonly<Record<string, readonly number[]>> = {
  '16, 32, 48, 64, 96': [16, 32, 48, 64, 96],
  'every 16': every(16),
  'every 8': every(8),
  'every 4': every(4),
};

/** By look: the chance that stopping there gives another outcome. */
type Path = ReadonlyMap<number, number>;

export const knownPopulationTable = (): string => {
  const runs = runsOfTheBaseModel();
  const population = runs.map((run) => sizesAt(run, RUN_LENGTH));
  const paths = Array.from({ length: ORDERS }, (_, order) =>
    runs.map((run, index): Path => {
      const drawn = shuffled(run, seededRandom(order, `order of run ${index}`));
      return new Map(every(4).map((look) => [look, chanceOfAnother(sizesAt(drawn, look), population)]));
    }),
  ).flat();
  const rows = Object.entries(SCHEDULES).map(([name, looks]) => [
    name,
    atThreshold(paths, looks).toFixed(1),
    byInduction(paths, looks).toFixed(1),
  ]);
  return markdownTable(['looks', 'one threshold', 'backward induction, at least'], rows);
};

const sizesAt = (run: RecordedRun, sampled: number): Sizes => {
  const clusters = [...sizesOf(run, sampled).values()].sort((a, b) => b - a);
  return { clusters, nowhere: sampled - clusters.reduce((sum, size) => sum + size, 0) };
};

const hasConsensus = ({ clusters }: Sizes): boolean => (clusters[0] ?? 0) >= LEAST_SIZE;

const chanceOfAnother = (seen: Sizes, population: readonly Sizes[]): number => {
  let [all, same] = [0, 0];
  for (const end of population) {
    const likelihood = likelihoodOf(seen, end);
    all += likelihood.all;
    if (hasConsensus(seen) !== hasConsensus(end)) continue;
    same += hasConsensus(seen) ? likelihood.leaderWins : likelihood.all;
  }
  return Math.max(0, 1 - same / all);
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Candidates where it stops at the first look below one threshold for all, the highest that keeps ERRORS. */
const atThreshold = (paths: readonly Path[], looks: readonly number[]): number => {
  const at = (threshold: number) => {
    const ends = paths.map((path) => looks.find((look) => (path.get(look) ?? 1) <= threshold) ?? RUN_LENGTH);
    const errors = paths.map((path, index) => path.get(ends[index] ?? RUN_LENGTH) ?? 0);
    return { candidates: mean(ends), errors: mean(errors) };
  };
  let [low, high] = [0, 1];
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2;
    if (at(middle).errors > ERRORS) high = middle;
    else low = middle;
  }
  return at(low).candidates;
};

/**
 * The least cost with each error at a price, less what ERRORS cost: at no price can a rule with that many errors need
 * fewer candidates, so that the highest of these is the closest bound.
 */
const byInduction = (paths: readonly Path[], looks: readonly number[]): number => {
  let bound = 0;
  for (let price = 100; price < 5000; price *= 1.1)
    bound = Math.max(bound, leastCost(paths, looks, price) - price * ERRORS);
  return bound;
};

const leastCost = (paths: readonly Path[], looks: readonly number[], price: number): number => {
  let costs = paths.map(() => RUN_LENGTH);
  for (const look of [...looks].reverse()) {
    const ranked = paths
      .map((path, index) => ({ index, stopping: look + price * (path.get(look) ?? 1) }))
      .sort((a, b) => a.stopping - b.stopping);
    const size = Math.ceil(ranked.length / GROUPS);
    const next = [...costs];
    for (let start = 0; start < ranked.length; start += size) {
      const group = ranked.slice(start, start + size);
      const goingOn = mean(group.map(({ index }) => costs[index] ?? RUN_LENGTH));
      for (const { index, stopping } of group) if (stopping <= goingOn) next[index] = stopping;
    }
    costs = next;
  }
  return mean(costs);
};
