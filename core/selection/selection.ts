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
  droppedTestRate: share.describe('Tests without any answer, or too flaky.'),
  uninformativeTestRate: share.describe('Tests kept that tell no two clusters apart.'),
  degenerateTestRate: share.describe('Tests that were dropped or tell no two clusters apart, of all.'),
  flakyRate: share.describe('Candidate × test pairs that are flaky.'),
});
export type ConsensusHealth = z.infer<typeof ConsensusHealth>;

export const RuleReport = z.object({
  rule: z.string(),
  refused: count.describe('Clusters that the rule refused.'),
  notEvaluated: count.describe('Clusters for which the matrix lacks what the rule needs.'),
});
export type RuleReport = z.infer<typeof RuleReport>;

export const VetoReport = z.object({
  signal: z.string(),
  vetoed: count.describe('Candidates that the veto hit.'),
  notEvaluated: count.describe('Candidates whose value is not known.'),
});
export type VetoReport = z.infer<typeof VetoReport>;

/** What the tests are worth, judged by the candidates; counted among the reliable ones. */
export const TestWeighing = z.object({
  kept: count,
  informative: count.describe('Tests kept that tell two clusters apart.'),
  allPass: count.describe('Tests kept that every reliable candidate passes.'),
  allFail: count.describe('Tests kept that no reliable candidate passes.'),
  flaky: z.array(ExecutionId).describe('Tests dropped because they are flaky.'),
  contradicted: z
    .array(ExecutionId)
    .describe('Tests whose expected value the largest output cluster contradicts.'),
});
export type TestWeighing = z.infer<typeof TestWeighing>;

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
  vetoed: z
    .array(z.object({ id: ExecutionId, reason: z.string() }))
    .describe('Reliable, but not to be chosen.'),
  rules: z.array(RuleReport),
  vetoes: z.array(VetoReport),
  tests: TestWeighing,
  health: ConsensusHealth,
});
export type Selection = z.infer<typeof Selection>;
