/** Which candidates need to be linted, and what the linter’s report says of each. */
import { z } from 'zod';
import type { SelectionConfig } from '../../config/selection-config.ts';
import { rankClusters } from '../clusters.ts';
import { judgeClusters } from '../rules/registry.ts';
import { measureMatrix } from '../select.ts';
import type { SelectionMatrix } from '../selection-matrix.ts';
import type { SelectionPolicy } from '../selection-policy.ts';
import { STRATEGIES } from '../strategies/registry.ts';

/** Findings by candidate; one that the linter could not read is missing. */
export const LintFindings = z.object({ findings: z.record(z.string(), z.int().min(0)) });
export type LintFindings = z.infer<typeof LintFindings>;

/** Whether a setting looks at lint; else nothing is linted. */
export const usesLint = ({ tieBreakers, vetoes }: SelectionConfig): boolean =>
  tieBreakers.includes('lint') || vetoes.some(({ signal }) => signal === 'lint');

/**
 * The candidates among which lint can decide: members of the clusters that no rule refuses, or, where the strategy
 * chooses without clusters, all reliable ones. In order of id, and only those with code.
 */
export const lintTargets = (
  matrix: SelectionMatrix,
  policy: SelectionPolicy,
): { id: string; code: string }[] => {
  const { population, reliable, groups, signature } = measureMatrix(matrix, policy);
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const clusters = rankClusters(groups, byId);
  const { eligible } = judgeClusters(clusters, { population, policy, signature });
  const members = STRATEGIES[policy.strategy].ignoresClusters
    ? reliable
    : eligible.flatMap((cluster) => cluster.members);
  return members
    .flatMap(({ id, code }) => (code === undefined || code === '' ? [] : [{ id, code }]))
    .sort(byId);
};
