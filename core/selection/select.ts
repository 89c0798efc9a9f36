/**
 * Chooses one candidate of a problem from its outcome matrix, as docs/contracts.md states it: tests without an
 * answer are dropped, unreliable candidates rejected, the rest grouped by signature, and the strategy chooses.
 * The order in which candidates arrive changes nothing.
 */
import { type Cluster, groupCandidates, rankClusters } from './clusters.ts';
import { consensusHealth } from './consensus-health.ts';
import { measurePopulation } from './population.ts';
import { filterReliable, reliabilityOf } from './reliability.ts';
import { judgeClusters } from './rules/registry.ts';
import type { Selection } from './selection.ts';
import type { SelectionMatrix } from './selection-matrix.ts';
import type { SelectionPolicy } from './selection-policy.ts';
import { signalContext } from './signal-context.ts';
import { candidateOrder } from './signals/candidate-order.ts';
import { applyVetoes } from './signals/vetoes.ts';
import { STRATEGIES } from './strategies/registry.ts';
import type { Choice, SelectionStrategy, StrategyInput } from './strategies/selection-strategy.ts';
import { uninformativeTests, weighTests } from './weigh-tests.ts';

export const select = (matrix: SelectionMatrix, policy: SelectionPolicy): Selection => {
  const strategy: SelectionStrategy = STRATEGIES[policy.strategy];
  const signature = strategy.signature ?? policy.signature;
  const population = measurePopulation(matrix, policy.maxFlakyShare);
  const { reliable, rejected } = filterReliable(population, policy.reliability, policy.minReliability);
  const groups = groupCandidates(population, reliable, signature);
  const signals = signalContext(population, groups, policy.reliability);
  const vetoed = applyVetoes(reliable, policy.vetoes, signals);
  const isVetoed = ({ id }: { id: string }) => vetoed.candidates.has(id);
  const clusters = rankClusters(groups, candidateOrder(policy.tieBreakers, signals), isVetoed);
  const judged = judgeClusters(clusters, { population, policy, signature });
  const choosable = vetoed.candidates.size === 0 ? reliable : reliable.filter((member) => !isVetoed(member));
  const input: StrategyInput = { population, reliable, choosable, clusters, ...judged, policy };
  const choice = choose(strategy, input);
  const uninformative = uninformativeTests(population, clusters);
  return {
    id: matrix.id,
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
    vetoed: reliable.flatMap(({ id }) => {
      const reason = vetoed.candidates.get(id)?.reason;
      return reason === undefined ? [] : [{ id, reason }];
    }),
    rules: judged.reports,
    vetoes: vetoed.reports,
    tests: weighTests({ population, reliable, clusters, signature, uninformative }),
    health: consensusHealth(population, reliable, clusters, uninformative),
  };
};

const choose = (strategy: SelectionStrategy, input: StrategyInput): Choice => {
  const { population, reliable, policy } = input;
  if (population.candidates.length === 0) return { winner: null, reason: 'there are no candidates' };
  if (reliable.length > 0) return strategy.choose(input);
  const best = Math.max(
    ...population.candidates.map((candidate) =>
      reliabilityOf(candidate, policy.reliability, population.kept.length),
    ),
  );
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
