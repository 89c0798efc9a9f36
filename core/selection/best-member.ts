/** Who is best among candidates that agree, and among clusters of equal size. */
import { compareIds, type MeasuredCandidate } from './population.ts';
import { type ReliabilityKind, reliableTests } from './reliability.ts';

/**
 * Highest e(r), then lowest perplexity (a missing one last), then the smallest id: r* = argmax of the ordered
 * pair (e(r), −f(r)) of arXiv 2512.17385, made total by the id. Negative where `a` is better.
 */
export const compareCandidates = (
  a: MeasuredCandidate,
  b: MeasuredCandidate,
  kind: ReliabilityKind,
): number =>
  reliableTests(b, kind) - reliableTests(a, kind) ||
  comparePerplexities(a.perplexity, b.perplexity) ||
  compareIds(a.id, b.id);

const comparePerplexities = (a: number | undefined, b: number | undefined): number => {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a - b;
};

/** Thrown: RangeError where there is no candidate. */
export const bestCandidate = (
  candidates: readonly MeasuredCandidate[],
  kind: ReliabilityKind,
): MeasuredCandidate => {
  const [first, ...others] = candidates;
  if (first === undefined) throw new RangeError('There is no best of no candidates.');
  return others.reduce((best, other) => (compareCandidates(other, best, kind) < 0 ? other : best), first);
};
