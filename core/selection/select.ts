/**
 * Chooses one candidate of a problem from its outcome matrix, as docs/contracts.md states it: tests without an
 * answer are dropped, unreliable candidates rejected, the rest grouped by signature, and the strategy chooses.
 * The order in which candidates arrive changes nothing.
 */
import { bestCandidate } from './best-member.ts';
import { type Cluster, clusterCandidates } from './clusters.ts';
import { consensusHealth } from './consensus-health.ts';
import { type MeasuredCandidate, measurePopulation, type Population } from './population.ts';
import { filterReliable, reliabilityOf } from './reliability.ts';
import { judgeClusters } from './rules/registry.ts';
import type { Selection } from './selection.ts';
import type { SelectionMatrix } from './selection-matrix.ts';
import type { SelectionPolicy } from './selection-policy.ts';
import { STRATEGIES } from './strategies/registry.ts';
import type { Choice, SelectionStrategy, StrategyInput } from './strategies/selection-strategy.ts';

export const select = (matrix: SelectionMatrix, policy: SelectionPolicy): Selection => {
  const strategy: SelectionStrategy = STRATEGIES[policy.strategy];
  const signature = strategy.signature ?? policy.signature;
  const population = measurePopulation(matrix);
  const { reliable, rejected } = filterReliable(population, policy.reliability, policy.minReliability);
  const clusters = clusterCandidates(population, reliable, signature, policy.reliability);
  const judged = judgeClusters(clusters, { population, policy, signature });
  const choice = choose(strategy, { population, reliable, clusters, ...judged, policy });
  return {
    id: matrix.id,
    selected: choice.winner?.id ?? null,
    ...(choice.winner === null ? { reason: choice.reason } : {}),
    strategy: policy.strategy,
    ...(choice.winner === null ? {} : { evidence: evidenceOf(choice.winner, clusters, population, policy) }),
    clusters: clusters.map((cluster) => ({
      members: cluster.members.map(({ id }) => id),
      share: cluster.members.length / population.candidates.length,
      signature: cluster.signature,
    })),
    rejected,
    droppedTests: [...population.droppedTests],
    rules: judged.reports,
    health: consensusHealth(population, reliable, clusters),
  };
};

const choose = (strategy: SelectionStrategy, input: StrategyInput): Choice => {
  const { population, reliable, policy } = input;
  if (population.candidates.length === 0) return { winner: null, reason: 'there are no candidates' };
  if (reliable.length > 0) return strategy.choose(input);
  const best = reliabilityOf(
    bestCandidate(population.candidates, policy.reliability),
    policy.reliability,
    population.kept.length,
  );
  return {
    winner: null,
    reason: `no candidate reaches reliability ${policy.minReliability}; the best has ${Number(best.toFixed(4))}`,
  };
};

const evidenceOf = (
  winner: MeasuredCandidate,
  clusters: readonly Cluster[],
  { kept, candidates }: Population,
  { reliability }: SelectionPolicy,
): Selection['evidence'] => {
  const cluster = clusters.find(({ members }) => members.includes(winner));
  return {
    reliability: reliabilityOf(winner, reliability, kept.length),
    passRate: reliabilityOf(winner, 'passes', kept.length),
    perplexity: winner.perplexity ?? null,
    clusterShare: (cluster?.members.length ?? 0) / candidates.length,
  };
};
