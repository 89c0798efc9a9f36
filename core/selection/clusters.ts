/** Groups candidates that agree. */
import { bestCandidate, compareCandidates } from './best-member.ts';
import type { MeasuredCandidate, Population } from './population.ts';
import type { ReliabilityKind } from './reliability.ts';
import { type Signature, type SignatureKind, signer } from './signature.ts';

export type Cluster = {
  signature: Signature;
  /** In order of id. */
  members: readonly MeasuredCandidate[];
  best: MeasuredCandidate;
};

/** Clusters of equal signatures, largest first; equal ones in the order of their best members. */
export const clusterCandidates = (
  population: Population,
  candidates: readonly MeasuredCandidate[],
  signatureKind: SignatureKind,
  reliability: ReliabilityKind,
): Cluster[] => {
  const sign = signer(population, signatureKind);
  const groups = new Map<string, { signature: Signature; members: MeasuredCandidate[] }>();
  for (const candidate of candidates) {
    const { key, signature } = sign(candidate);
    const group = groups.get(key);
    if (group) group.members.push(candidate);
    else groups.set(key, { signature, members: [candidate] });
  }
  return [...groups.values()]
    .map((group) => ({ ...group, best: bestCandidate(group.members, reliability) }))
    .sort((a, b) => b.members.length - a.members.length || compareCandidates(a.best, b.best, reliability));
};
