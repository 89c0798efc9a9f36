/** Groups candidates that agree. */
import type { MeasuredCandidate, Population } from './population.ts';
import { bestCandidate, type CandidateOrder } from './signals/candidate-order.ts';
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
  const { hashOf, areEqual, signatureOf } = signer(population, kind);
  const groups = new Map<number, { first: MeasuredCandidate; members: MeasuredCandidate[] }[]>();
  const inOrder: { first: MeasuredCandidate; members: MeasuredCandidate[] }[] = [];
  for (const candidate of candidates) {
    const hash = hashOf(candidate);
    const sameHash = groups.get(hash);
    const group = sameHash?.find(({ first }) => areEqual(first, candidate));
    if (group) {
      group.members.push(candidate);
      continue;
    }
    const opened = { first: candidate, members: [candidate] };
    inOrder.push(opened);
    if (sameHash) sameHash.push(opened);
    else groups.set(hash, [opened]);
  }
  return inOrder.map(({ first, members }) => ({ signature: signatureOf(first), members }));
};

/** Largest first; equal ones in the order of their best members. */
export const rankClusters = (
  groups: readonly CandidateGroup[],
  order: CandidateOrder,
  isVetoed?: (candidate: MeasuredCandidate) => boolean,
): Cluster[] =>
  groups
    .map(({ signature, members }): Cluster => {
      const choosable = isVetoed ? members.filter((member) => !isVetoed(member)) : members;
      const best = bestCandidate(choosable.length > 0 ? choosable : members, order);
      return { signature, members, choosable, best };
    })
    .sort((a, b) => b.members.length - a.members.length || order(a.best, b.best));
