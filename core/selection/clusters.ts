/** Groups candidates that agree. */
import { groupEqual } from './group-equal.ts';
import type { MeasuredCandidate, Population } from './population.ts';
import { bestCandidate, type CandidateOrder } from './signals/candidate-order.ts';
import type { Vetoed } from './signals/vetoes.ts';
import { type Signature, type SignatureKind, signer } from './signature.ts';

export type CandidateGroup = {
  signature: Signature;
  /** In order of id. */
  members: readonly MeasuredCandidate[];
};

export type Cluster = CandidateGroup & {
  /** Members that no veto hit, in order of id. */
  choosable: readonly MeasuredCandidate[];
  /** Of the choosable ones; of all members where there are none. */
  best: MeasuredCandidate;
};

/** Candidates with equal signatures, in the order of their first members. */
export const groupCandidates = (
  population: Population,
  candidates: readonly MeasuredCandidate[],
  kind: SignatureKind,
): CandidateGroup[] => {
  const signs = signer(population, kind);
  return groupEqual(candidates, signs).map((members) => ({
    signature: signs.signatureOf(members[0]),
    members,
  }));
};

/** Largest first; equal ones in the order of their best members. */
export const rankClusters = (
  groups: readonly CandidateGroup[],
  order: CandidateOrder,
  vetoed: VetoedIds = NOBODY,
): Cluster[] =>
  groups
    .map(({ signature, members }): Cluster => {
      const choosable = withoutVetoed(members, vetoed);
      const best = bestCandidate(choosable.length > 0 ? choosable : members, order);
      return { signature, members, choosable, best };
    })
    .sort((a, b) => b.members.length - a.members.length || order(a.best, b.best));

type VetoedIds = Vetoed['candidates'];

const NOBODY: VetoedIds = new Map();

export const withoutVetoed = (
  candidates: readonly MeasuredCandidate[],
  vetoed: VetoedIds,
): readonly MeasuredCandidate[] =>
  vetoed.size === 0 ? candidates : candidates.filter(({ id }) => !vetoed.has(id));
