/** Rival rules of adaptive sampling, as their papers state them, and runs to replay them on. */
import { readFileSync } from 'node:fs';
import { riskOfStopping } from '../../../core/sampling/stop-sampling.ts';
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

export type Replay = { agreement: number; candidates: number; agreed: readonly number[] };

/** Where a rule stops at one of `looks`: 1 where the winner is that of all candidates, by run, and the means. */
export const replay = (
  runs: readonly RecordedRun[],
  looks: readonly number[],
  stops: (run: RecordedRun, sampled: number) => boolean,
): Replay => {
  const ends = runs.map((run) => looks.find((look) => stops(run, look)) ?? RUN_LENGTH);
  const agreed = runs.map((run, index) =>
    winnerOf(run, ends[index] ?? RUN_LENGTH) === winnerOf(run, RUN_LENGTH) ? 1 : 0,
  );
  return { agreement: mean(agreed), candidates: mean(ends), agreed };
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The rule of the campaign at every risk: what each run risks at each look is computed once. */
export class OurRule {
  readonly #runs: readonly RecordedRun[];
  readonly #looks: readonly number[];
  readonly #risks: ReadonlyMap<RecordedRun, readonly number[]>;

  constructor(runs: readonly RecordedRun[], looks: readonly number[]) {
    this.#runs = runs;
    this.#looks = looks;
    const riskAt = (run: RecordedRun, sampled: number) => {
      const sizes = [...sizesOf(run, sampled).values()];
      return riskOfStopping({ sizes, sampled, total: RUN_LENGTH }, { minClusterSize: 2, minShare: 0 }).risk;
    };
    this.#risks = new Map(runs.map((run) => [run, looks.map((look) => riskAt(run, look))]));
  }

  at(risk: number): Replay {
    const stops = (run: RecordedRun, sampled: number) =>
      (this.#risks.get(run)?.[this.#looks.indexOf(sampled)] ?? 1) <= risk;
    return replay(this.#runs, this.#looks, stops);
  }

  /** With the lowest risk at which it costs `candidates` at most: the higher the risk, the fewer it needs. */
  within(candidates: number): Replay {
    const risks = [...new Set([...this.#risks.values()].flat())].sort((a, b) => a - b);
    let [low, high] = [0, risks.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.at(risks[middle] ?? 1).candidates <= candidates) high = middle;
      else low = middle + 1;
    }
    return this.at(risks[low] ?? 1);
  }
}

/** Runs of the process that the rule assumes: strength 0.5, a discount, and a share of candidates in no cluster. */
export const runsOfTheProcess = (problems: number, seed: number): RecordedRun[] =>
  Array.from({ length: problems }, (_, problem) => {
    const random = seededRandom(seed, `process ${problem}`);
    const lost = random();
    const discount = random() / 2;
    const sizes: number[] = [];
    return Array.from({ length: RUN_LENGTH }, () => {
      if (random() < lost) return null;
      const members = sizes.reduce((sum, size) => sum + size, 0);
      let at = random() * (members + 0.5);
      const joined = sizes.findIndex((size) => {
        at -= size - discount;
        return at < 0;
      });
      const cluster = joined === -1 ? sizes.length : joined;
      sizes[cluster] = (sizes[cluster] ?? 0) + 1;
      return cluster;
    });
  });

/** Rivals over the range of their settings. */
export const RIVALS: readonly { name: string; stops: ReturnType<typeof betaRule> }[] = [
  ...[0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999].map((confidence) => ({
    name: `Beta ${confidence}`,
    stops: betaRule(confidence),
  })),
  ...[4, 8, 16].map((window) => ({ name: `window of ${window}`, stops: windowRule(window) })),
];

/** Right on most problems, with few shared mistakes. */
export const STRONG_RUNS: RunModel = { leading: (u) => 0.3 + 0.65 * u, kinds: 12, steepness: 1, lost: 0.05 };
/** Rarely right: the leader holds a tenth to four tenths, the rest scatters. */
export const WEAK_RUNS: RunModel = { leading: (u) => 0.1 + 0.3 * u, kinds: 60, steepness: 0.7, lost: 0.3 };
