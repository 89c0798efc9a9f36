/** A selection as the campaign keeps it: with what a report needs of the candidates, who stay in their own objects. */
import { z } from 'zod';
import { PerplexityBins, perplexityBins } from './perplexity-bins.ts';
import { measureMatrix, selectMeasured } from './select.ts';
import { Selection } from './selection.ts';
import type { SelectionMatrix } from './selection-matrix.ts';
import type { SelectionPolicy } from './selection-policy.ts';

const count = z.int().min(0);

export const StoredSelection = Selection.extend({
  chosenCluster: z
    .object({ members: count, texts: count.describe('Different sources among them.') })
    .optional(),
  perplexity: PerplexityBins,
});
export type StoredSelection = z.infer<typeof StoredSelection>;

export const selectToStore = (matrix: SelectionMatrix, policy: SelectionPolicy): StoredSelection => {
  const measured = measureMatrix(matrix, policy);
  const selection = selectMeasured(measured, policy);
  const { selected, clusters } = selection;
  const cluster = selected === null ? undefined : clusters.find(({ members }) => members.includes(selected));
  const codeOf = new Map(matrix.candidates.map(({ id, code }) => [id, code]));
  return {
    ...selection,
    ...(cluster
      ? {
          chosenCluster: {
            members: cluster.members.length,
            texts: new Set(cluster.members.map((id) => codeOf.get(id))).size,
          },
        }
      : {}),
    perplexity: perplexityBins(measured.population),
  };
};
