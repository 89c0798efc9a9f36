/** Rival rules of adaptive sampling, as their papers state them, and runs to replay them on. */
import { readFileSync } from 'node:fs';
import { seededRandom } from '../../../core/statistics/seeded-random.ts';

/** Cluster of each of 128 candidates, in the order in which they were sampled; null: in none. */
export type RecordedRun = readonly (number | null)[];

export const RUN_LENGTH = 128;

/**
 * The base model’s own runs on 137 of HumanEval’s problems (docs/selection.md): clusters of equal pass bits on its
 * own tests, a line a problem; “-” is a candidate in no cluster that may be chosen.
 */
export const runsOfTheBaseModel = (): RecordedRun[] =>
  readFileSync(new URL('recorded-runs.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').map((cluster) => (cluster === '-' ? null : Number(cluster))));

/** Shares of the clusters of one problem: a leading share, and a tail of mistakes, of which some are shared. */
export type RunModel = { leading: (u: number) => number; kinds: number; steepness: number; lost: number };

export const recordedRuns = (model: RunModel, problems: number, seed: number): RecordedRun[] =>
  Array.from({ length: problems }, (_, problem) => {
    const random = seededRandom(seed, `run ${problem}`);
    const leading = model.leading(random());
    const tail = Array.from({ length: model.kinds }, (_, kind) => (kind + 1) ** -model.steepness * random());
    const whole = tail.reduce((sum, weight) => sum + weight, 0);
    const shares = [leading, ...tail.map((weight) => ((1 - leading) * weight) / whole)];
    return Array.from({ length: RUN_LENGTH }, () => {
      if (random() < model.lost) return null;
      let at = random();
      return shares.findIndex((share) => {
        at -= share;
        return at < 0;
      });
    });
  });

export const sizesOf = (run: RecordedRun, sampled: number): Map<number, number> => {
  const sizes = new Map<number, number>();
  for (const cluster of run.slice(0, sampled))
    if (cluster !== null) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  return sizes;
};

/** The largest cluster, the first to be seen where two are equal; null where none has two members. */
export const winnerOf = (run: RecordedRun, sampled: number): number | null => {
  let best: [number | null, number] = [null, 1];
  for (const [cluster, size] of sizesOf(run, sampled)) if (size > best[1]) best = [cluster, size];
  return best[0];
};

/**
 * The Beta rule (Aggarwal et al., arXiv 2305.11860, `BetaStoppingCriteria` of adaptiveconsistency): stop when
 * the leader's share beats the second's with the given confidence, P(Beta(a + 1, b + 1) > 1/2).
 */
export const betaRule =
  (confidence: number) =>
  (run: RecordedRun, sampled: number): boolean => {
    const [a = 0, b = 0] = [...sizesOf(run, sampled).values()].sort((x, y) => y - x);
    return betaAboveHalf(a + 1, b + 1) > confidence;
  };

/** P(Beta(a, b) > 1/2) for whole a, b: that of a + b − 1 tosses of a coin fewer than a are heads. */
const betaAboveHalf = (a: number, b: number): number => {
  const tosses = a + b - 1;
  let term = 0.5 ** tosses;
  let sum = 0;
  for (let heads = 0; heads < a; heads += 1) {
    sum += term;
    term *= (tosses - heads) / (heads + 1);
  }
  return sum;
};

/** Early-Stopping Self-Consistency (Li et al., arXiv 2401.10480): stop when a whole window agrees. */
export const windowRule =
  (window: number) =>
  (run: RecordedRun, sampled: number): boolean => {
    if (sampled < window || sampled % window !== 0) return false;
    const last = run.slice(sampled - window, sampled);
    return last[0] !== null && last.every((cluster) => cluster === last[0]);
  };

export type Replay = { agreement: number; candidates: number };

/** Share of runs with the winner of all candidates, and mean candidates, where a rule stops at one of `looks`. */
export const replay = (
  runs: readonly RecordedRun[],
  looks: readonly number[],
  stops: (run: RecordedRun, sampled: number) => boolean,
): Replay => {
  let same = 0;
  let candidates = 0;
  for (const run of runs) {
    const sampled = looks.find((look) => stops(run, look)) ?? RUN_LENGTH;
    candidates += sampled;
    if (winnerOf(run, sampled) === winnerOf(run, RUN_LENGTH)) same += 1;
  }
  return { agreement: same / runs.length, candidates: candidates / runs.length };
};
