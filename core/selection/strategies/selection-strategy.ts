/** What a strategy is given and must answer. One file each; all are listed in registry.ts. */
import type { Cluster } from '../clusters.ts';
import type { MeasuredCandidate, Population } from '../population.ts';
import type { SelectionPolicy } from '../selection-policy.ts';
import type { SignatureKind } from '../signature.ts';

export type StrategyInput = {
  population: Population;
  /** Candidates that reached the minimum reliability, in order of id. */
  reliable: readonly MeasuredCandidate[];
  /** Those of them that no veto hit. */
  choosable: readonly MeasuredCandidate[];
  /** Clusters of the reliable ones, largest first; at least one. */
  clusters: readonly Cluster[];
  /** Those that no rule refused. */
  eligible: readonly Cluster[];
  /** Why the largest cluster was refused, where it was. */
  firstRefusal: string | undefined;
  policy: SelectionPolicy;
};

export type Choice =
  | { winner: MeasuredCandidate }
  /** One sentence without its final stop. */
  | { winner: null; reason: string };

export type SelectionStrategy = {
  name: string;
  /** One sentence for docs and help, with the rule’s source. */
  summary: string;
  /** Set where the strategy groups by this whatever the policy says. */
  signature?: SignatureKind;
  /** Set where it draws from single candidates, trivial clusters or not. */
  ignoresClusters?: true;
  /**
   * What it chooses a cluster by: nothing but its size, or a score that depends on the sizes of all clusters and on the
   * best member of each. Absent where no later candidate can be ruled out, so that it does not go with adaptive sampling.
   */
  choosesBy?: 'size' | 'score';
  /** Must not depend on anything but its input, whose lists are ordered by id and by size. */
  choose(input: StrategyInput): Choice;
};
