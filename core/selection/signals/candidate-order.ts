/** Who is best among candidates that agree, and among clusters of equal size. */
import type { SelectionConfig } from '../../config/campaign-config.ts';
import { compareIds, type MeasuredCandidate } from '../population.ts';
import type { SignalContext } from './candidate-signal.ts';
import { SIGNALS } from './registry.ts';

/** Negative where `a` is better; 0 only for a candidate and itself. */
export type CandidateOrder = (a: MeasuredCandidate, b: MeasuredCandidate) => number;

/**
 * By the signals in their order, a missing value last, then the smallest id. With the schema’s default it is
 * r* = argmax of the ordered pair (e(r), −f(r)) of arXiv 2512.17385, made total by the id.
 */
export const candidateOrder = (
  tieBreakers: SelectionConfig['tieBreakers'],
  context: SignalContext,
): CandidateOrder => {
  const signals = tieBreakers.map((name) => SIGNALS[name]);
  return (a, b) => {
    for (const signal of signals) {
      const difference = compareValues(signal.valueOf(a, context), signal.valueOf(b, context));
      if (difference !== 0)
        return signal.better === 'lower' || !Number.isFinite(difference) ? difference : -difference;
    }
    return compareIds(a.id, b.id);
  };
};

/** Infinite where only one of the two is known, which is then first in either direction. */
const compareValues = (a: number | undefined, b: number | undefined): number => {
  if (a === b) return 0;
  if (a === undefined) return Number.POSITIVE_INFINITY;
  if (b === undefined) return Number.NEGATIVE_INFINITY;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Thrown: RangeError where there is no candidate. */
export const bestCandidate = (
  candidates: readonly MeasuredCandidate[],
  order: CandidateOrder,
): MeasuredCandidate => {
  const [first, ...others] = candidates;
  if (first === undefined) throw new RangeError('There is no best of no candidates.');
  return others.reduce((best, other) => (order(other, best) < 0 ? other : best), first);
};
