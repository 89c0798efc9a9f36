/** What a selection decides about one problem, and why; the output of `ucoder select` and of the campaign. */
import { z } from 'zod';
import { ExecutionId } from '../execution/batch.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);

export const SelectedCluster = z.object({
  members: z.array(ExecutionId).describe('In order of id.'),
  share: share.describe('Of all the problem’s candidates.'),
  signature: z
    .union([z.string(), z.array(z.string())])
    .describe('outcome: one of 1, 0 and - for each test; output: a text or an outcome for each test kept.'),
});
export type SelectedCluster = z.infer<typeof SelectedCluster>;

/** How far a consensus can be trusted. Shares are of all the problem’s candidates. */
export const ConsensusHealth = z.object({
  candidates: count,
  reliable: count.describe('Candidates that reached the minimum reliability.'),
  clusters: count,
  largestShare: share,
  margin: share.describe('Largest share minus the second largest.'),
  entropyBits: z.number().min(0).describe('Of the clusters’ sizes: 0 where all reliable candidates agree.'),
  droppedTestRate: share.describe('Tests without any answer.'),
  uninformativeTestRate: share.describe('Tests kept that tell no two clusters apart.'),
  flakyRate: share.describe('Candidate × test pairs that are flaky.'),
});
export type ConsensusHealth = z.infer<typeof ConsensusHealth>;

export const RuleReport = z.object({
  rule: z.string(),
  refused: count.describe('Clusters that the rule refused.'),
  notEvaluated: count.describe('Clusters for which the matrix lacks what the rule needs.'),
});
export type RuleReport = z.infer<typeof RuleReport>;

export const Selection = z.object({
  id: ExecutionId,
  selected: ExecutionId.nullable(),
  reason: z.string().optional().describe('Why nothing is selected.'),
  strategy: z.string(),
  evidence: z
    .object({
      reliability: share,
      passRate: share.describe('Of the tests kept.'),
      perplexity: z.number().nullable(),
      clusterShare: share,
    })
    .optional()
    .describe('About the selected candidate.'),
  clusters: z.array(SelectedCluster).describe('Largest first.'),
  rejected: z.array(z.object({ id: ExecutionId, reason: z.string() })),
  droppedTests: z.array(ExecutionId),
  rules: z.array(RuleReport),
  health: ConsensusHealth,
});
export type Selection = z.infer<typeof Selection>;
