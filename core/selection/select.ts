/**
 * Chooses one candidate of a problem from its outcome matrix, as docs/contracts.md states it: tests without an
 * answer are dropped, unreliable candidates rejected, the rest grouped by signature, and the strategy chooses.
 * The order in which candidates arrive changes nothing.
 */
import {
  type CandidateGroup,
  type Cluster,
  groupCandidates,
  rankClusters,
  withoutVetoed,
} from './clusters.ts';
import { consensusHealth } from './consensus-health.ts';
import { type MeasuredCandidate, measurePopulation, type Population } from './population.ts';
import { filterReliable, type Rejection, reliabilityOf } from './reliability.ts';
import { judgeClusters } from './rules/registry.ts';
import type { Selection } from './selection.ts';
import type { SelectionMatrix } from './selection-matrix.ts';
import type { SelectionPolicy } from './selection-policy.ts';
import { signalContext } from './signal-context.ts';
import { candidateOrder } from './signals/candidate-order.ts';
import { applyVetoes, type Vetoed } from './signals/vetoes.ts';
import type { SignatureKind } from './signature.ts';
import { STRATEGIES } from './strategies/registry.ts';
import type { Choice, SelectionStrategy, StrategyInput } from './strategies/selection-strategy.ts';
import { weighTests } from './weigh-tests.ts';
import { type Witnesses, witnessesOf } from './witnesses.ts';

export const select = (matrix: SelectionMatrix, policy: SelectionPolicy): Selection =>
  selectMeasured(measureMatrix(matrix, policy), policy);

export type MeasuredMatrix = {
  population: Population;
  reliable: readonly MeasuredCandidate[];
  rejected: Rejection[];
  /** What the groups have in common. */
  signature: SignatureKind;
  groups: readonly CandidateGroup[];
  /** By the first member of their group. */
  witnesses: ReadonlyMap<MeasuredCandidate, Witnesses>;
};

/** Steps 1 to 3, which read every cell of the matrix: tests, reliability, signatures. */
export const measureMatrix = (matrix: SelectionMatrix, policy: SelectionPolicy): MeasuredMatrix => {
  const signature = STRATEGIES[policy.strategy].signature ?? policy.signature;
  const population = measurePopulation(matrix, policy.maxFlakyShare);
  const { reliable, rejected } = filterReliable(population, policy.reliability, policy.minReliability);
  const groups = groupCandidates(population, reliable, signature);
  const witnesses = witnessesOf(population, groups, signature);
  return { population, reliable, rejected, signature, groups, witnesses };
};

/** Steps 4 to 6: the choice, and what is told about it. */
export const selectMeasured = (measured: MeasuredMatrix, policy: SelectionPolicy): Selection => {
  const { population, reliable, rejected, signature, groups, witnesses } = measured;
  const strategy: SelectionStrategy = STRATEGIES[policy.strategy];
  const signals = signalContext(population, groups, policy.reliability);
  const vetoed = applyVetoes(reliable, policy.vetoes, signals);
  const order = candidateOrder(policy.tieBreakers, population.candidates, signals);
  const clusters = rankClusters(groups, order, vetoed.candidates);
  const judged = judgeClusters(clusters, { population, policy, signature });
  const choosable = withoutVetoed(reliable, vetoed.candidates);
  const input: StrategyInput = { population, reliable, choosable, clusters, ...judged, policy };
  const choice = choose(strategy, input);
  const tests = weighTests(population, clusters, signature, witnesses);
  return {
    id: population.problemId,
    selected: choice.winner?.id ?? null,
    ...(choice.winner === null ? { reason: choice.reason } : {}),
    strategy: policy.strategy,
    ...evidenceOf(choice, input),
    clusters: clusters.map((cluster) => ({
      members: cluster.members.map(({ id }) => id),
      share: cluster.members.length / population.candidates.length,
      signature: cluster.signature,
    })),
    rejected,
    droppedTests: [...population.droppedTests],
    vetoed: vetoedInOrder(reliable, vetoed),
    rules: judged.reports,
    vetoes: vetoed.reports,
    tests,
    health: consensusHealth(population, reliable, clusters, tests.kept - tests.informative),
  };
};

const vetoedInOrder = (
  reliable: readonly MeasuredCandidate[],
  { candidates }: Vetoed,
): Selection['vetoed'] =>
  candidates.size === 0
    ? []
    : reliable.flatMap(({ id }) => {
        const reason = candidates.get(id)?.reason;
        return reason === undefined ? [] : [{ id, reason }];
      });

const choose = (strategy: SelectionStrategy, input: StrategyInput): Choice => {
  const { population, reliable, policy } = input;
  if (population.candidates.length === 0) return { winner: null, reason: 'there are no candidates' };
  if (reliable.length > 0) return strategy.choose(input);
  let best = 0;
  for (const candidate of population.candidates)
    best = Math.max(best, reliabilityOf(candidate, policy.reliability, population.kept.length));
  return {
    winner: null,
    reason: `no candidate reaches reliability ${policy.minReliability}; the best has ${Number(best.toFixed(4))}`,
  };
};

const evidenceOf = (
  { winner }: Choice,
  { clusters, population, policy }: StrategyInput,
): Pick<Selection, 'evidence'> => {
  if (winner === null) return {};
  const cluster: Cluster | undefined = clusters.find(({ members }) => members.includes(winner));
  return {
    evidence: {
      reliability: reliabilityOf(winner, policy.reliability, population.kept.length),
      passRate: reliabilityOf(winner, 'passes', population.kept.length),
      perplexity: winner.perplexity ?? null,
      clusterShare: (cluster?.members.length ?? 0) / population.candidates.length,
    },
  };
};
