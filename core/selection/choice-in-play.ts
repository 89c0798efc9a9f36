/**
 * Whether more candidates can change what a strategy chooses that scores clusters: the strategy itself is asked about
 * many ways in which the candidates still to come may fall. Three things are approximated. Answers of clusters that are
 * not there yet are unknown: each votes as one that is there, drawn evenly, and is itself better than all of these with
 * the chance that the next of K + 1 in random order is the best, 1 / (K + 1), and with none where no other answer to
 * any one test would improve the chosen ones. Which member of a cluster is its best, and which tests are kept, is
 * taken to stay. docs/selection.md has what that costs.
 */
import { drawCompletion } from '../sampling/draw-completion.ts';
import { PredictiveUrn } from '../sampling/predictive-urn.ts';
import type { StopReason } from '../sampling/stop-sampling.ts';
import { leastCount } from '../statistics/least-count.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { type Cluster, withoutVetoed } from './clusters.ts';
import { clustersInPlay } from './clusters-in-play.ts';
import type { MeasuredCandidate } from './population.ts';
import type { SelectionMatrix } from './selection-matrix.ts';
import type { SelectionPolicy } from './selection-policy.ts';
import { entryOf } from './signature.ts';
import { STRATEGIES } from './strategies/registry.ts';
import type { SelectionStrategy } from './strategies/selection-strategy.ts';

export type Horizon = {
  /** Candidates so far, those that are no program included. */
  sampled: number;
  /** Candidates that will be sampled at most. */
  total: number;
  /** Chance of another choice at which sampling may stop. */
  risk: number;
};

/** So many completions may change the choice; more of them tell the chance more closely and take longer. */
const CHANGES_ALLOWED = 10;

/** Why sampling may stop; undefined where it must go on. */
export const stopsScoring = (
  matrix: SelectionMatrix,
  policy: SelectionPolicy,
  { sampled, total, risk }: Horizon,
): StopReason | undefined => {
  const completions = Math.ceil(CHANGES_ALLOWED / risk);
  const { reason, changes } = changesAmong(matrix, policy, {
    ...{ sampled, total, completions },
    enough: CHANGES_ALLOWED + 1,
  });
  return changes <= CHANGES_ALLOWED ? reason : undefined;
};

/** Candidates so far and in the end, ways to go on that are looked at, and changes after which no more are. */
export type Trials = { sampled: number; total: number; completions: number; enough: number };

/** How many of so many completions choose otherwise than now; counted up to `enough`. */
export const changesAmong = (
  matrix: SelectionMatrix,
  policy: SelectionPolicy,
  { sampled, total, completions, enough }: Trials,
): { reason: StopReason; changes: number } => {
  const { clusters, candidates, chosenAmong, canBeImproved } = choosing(matrix, policy);
  const urn = new PredictiveUrn({ sizes: clusters.map(({ members }) => members.length), sampled, total });
  const chosen = chosenAmong(urn.sizes, [], leastMembers(policy, candidates));
  const least = leastMembers(policy, total);
  const improvable = chosen !== undefined && canBeImproved(chosen);
  const random = seededRandom(policy.seed, `completions/${matrix.id}/${sampled}`);
  let changes = 0;
  for (let completion = 0; completion < completions && changes < enough; completion += 1) {
    const { sizes, born } = drawCompletion(urn, random);
    const alike = born.map((size) => ({ size, like: Math.floor(random() * clusters.length) }));
    const isBeaten =
      improvable && born.some((size, index) => size >= least && random() * (clusters.length + index + 1) < 1);
    const isAnother = chosen === undefined && born.some((size) => size >= least);
    if (isBeaten || isAnother || chosenAmong(sizes, alike, least) !== chosen) changes += 1;
  }
  return { reason: chosen === undefined ? 'no-consensus-likely' : 'leader-safe', changes };
};

const leastMembers = ({ minClusterSize, minShare }: SelectionPolicy, candidates: number): number =>
  Math.max(minClusterSize, leastCount(minShare, candidates));

type Born = { size: number; like: number };

type Choosing = {
  /** Of all reliable candidates, the largest first. */
  clusters: readonly Cluster[];
  candidates: number;
  /** The cluster that is chosen where they have these sizes, among those of `least` members. */
  chosenAmong(sizes: readonly number[], born: readonly Born[], least: number): Cluster | undefined;
  /** Whether some other answer to one test, of those that were given, would score higher than this cluster now. */
  canBeImproved(chosen: Cluster): boolean;
};

const choosing = (matrix: SelectionMatrix, policy: SelectionPolicy): Choosing => {
  const { population, reliable, vetoed, clusters, eligible } = clustersInPlay(matrix, policy);
  const mayBeChosen = new Set(eligible.map(({ best }) => best.id));
  const choosable = withoutVetoed(reliable, vetoed);
  const strategy: SelectionStrategy = STRATEGIES[policy.strategy];
  const clusterOf = new Map(clusters.map((cluster) => [cluster.best.id, cluster]));
  const bestOf = (voting: readonly Cluster[], eligible: readonly Cluster[]): MeasuredCandidate | null =>
    strategy.choose({
      ...{ population, reliable, choosable, policy, firstRefusal: undefined },
      ...{ clusters: voting, eligible },
    }).winner;
  const chosenAmong: Choosing['chosenAmong'] = (sizes, born, least) => {
    const grown = clusters.map((cluster, index) => resized(cluster, sizes[index] ?? 0));
    const candidatesFor = grown
      .filter(({ best, members }) => members.length >= least && mayBeChosen.has(best.id))
      .sort((a, b) => b.members.length - a.members.length);
    if (candidatesFor.length === 0) return undefined;
    const votes = [...sizes];
    for (const { size, like } of born) votes[like] = (votes[like] ?? 0) + size;
    const voting = clusters.map((cluster, index) => resized(cluster, votes[index] ?? 0));
    return clusterOf.get(bestOf(voting, candidatesFor)?.id ?? '');
  };
  const canBeImproved: Choosing['canBeImproved'] = (chosen) => {
    const others = population.kept.flatMap((test) => withOtherAnswers(chosen, test, clusters));
    return bestOf(clusters, [chosen, ...others])?.id !== chosen.best.id;
  };
  return { clusters, candidates: population.candidates.length, chosenAmong, canBeImproved };
};

/** Strategies that score clusters look at the number of members and at the best one. */
const resized = (cluster: Cluster, members: number): Cluster => ({
  ...cluster,
  members: new Array<MeasuredCandidate>(members).fill(cluster.best),
});

/** The cluster as it would be if its members did on one test what others did. */
const withOtherAnswers = (chosen: Cluster, test: number, clusters: readonly Cluster[]): Cluster[] => {
  const entries = new Map(clusters.map(({ best }) => [entryOf(best, test), best]));
  entries.delete(entryOf(chosen.best, test));
  return [...entries].map(([entry, other]) => {
    const best: MeasuredCandidate = {
      ...chosen.best,
      id: `${chosen.best.id}/${test}/${entry}`,
      outcomes: chosen.best.outcomes.with(test, other.outcomes[test] ?? 'not-run'),
      outputs: chosen.best.outputs?.with(test, other.outputs?.[test] ?? null),
      passed:
        chosen.best.passed +
        Number(other.outcomes[test] === 'pass') -
        Number(chosen.best.outcomes[test] === 'pass'),
    };
    return { ...chosen, best };
  });
};
