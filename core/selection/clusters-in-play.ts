/** What adaptive sampling looks at: the clusters that may still be chosen once they are large enough. */
import { rankClusters } from './clusters.ts';
import { judgeClusters } from './rules/registry.ts';
import { measureMatrix } from './select.ts';
import type { SelectionMatrix } from './selection-matrix.ts';
import type { SelectionPolicy } from './selection-policy.ts';
import { signalContext } from './signal-context.ts';
import { candidateOrder } from './signals/candidate-order.ts';
import { applyVetoes } from './signals/vetoes.ts';

/** All that is known of a matrix where no rule on the size of a cluster holds yet; `eligible`, the largest first. */
export const clustersInPlay = (matrix: SelectionMatrix, policy: SelectionPolicy) => {
  const { population, reliable, signature, groups } = measureMatrix(matrix, policy);
  const signals = signalContext(population, groups, policy.reliability);
  const { candidates: vetoed } = applyVetoes(reliable, policy.vetoes, signals);
  const order = candidateOrder(policy.tieBreakers, population.candidates, signals);
  const clusters = rankClusters(groups, order, vetoed);
  const anySize = { ...policy, minClusterSize: 1, minShare: 0 };
  const { eligible } = judgeClusters(clusters, { population, policy: anySize, signature });
  return { population, reliable, vetoed, clusters, eligible };
};

/** Sizes of the clusters that no rule but one on their size refuses, largest first. */
export const sizesInPlay = (matrix: SelectionMatrix, policy: SelectionPolicy): number[] =>
  clustersInPlay(matrix, policy).eligible.map(({ members }) => members.length);
