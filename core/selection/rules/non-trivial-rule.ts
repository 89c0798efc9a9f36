/** What a rule must tell to refuse clusters that agree on nothing worth learning. */
import type { Cluster } from '../clusters.ts';
import type { Population } from '../population.ts';
import type { SelectionPolicy } from '../selection-policy.ts';
import type { SignatureKind } from '../signature.ts';

export type RuleContext = {
  population: Population;
  policy: SelectionPolicy;
  /** What the clusters were grouped by. */
  signature: SignatureKind;
};

export type RuleVerdict =
  | { state: 'kept' }
  /** `reason` ends the sentence "the cluster of … is trivial: ". */
  | { state: 'refused'; reason: string }
  /** The matrix lacks what the rule needs, named in `lacks`; the cluster is not refused. */
  | { state: 'not-evaluated'; lacks: string };

export type NonTrivialRule = {
  name: string;
  /** One sentence for docs and help. */
  summary: string;
  appliesTo(context: RuleContext): boolean;
  judge(cluster: Cluster, context: RuleContext): RuleVerdict;
};

export const KEPT: RuleVerdict = { state: 'kept' };
