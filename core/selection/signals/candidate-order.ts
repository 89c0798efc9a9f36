/** Who is best among candidates that agree, and among clusters of equal size. */
import type { SelectionConfig } from '../../config/selection-config.ts';
import { compareIds, type MeasuredCandidate } from '../population.ts';
import type { CandidateSignal, SignalContext } from './candidate-signal.ts';
import { SIGNALS } from './registry.ts';

/** Negative where `a` is better; 0 only for a candidate and itself. */
export type CandidateOrder = (a: MeasuredCandidate, b: MeasuredCandidate) => number;

/**
 * By the signals in their order, a missing value last, then the smallest id. With the schema’s default it is
 * r* = argmax of the ordered pair (e(r), −f(r)) of arXiv 2512.17385, made total by the id. `candidates` are all
 * of the population.
 */
export const candidateOrder = (
  tieBreakers: SelectionConfig['tieBreakers'],
  candidates: readonly MeasuredCandidate[],
  context: SignalContext,
): CandidateOrder => {
  // One column a signal, by position, in which lower is better.
  const columns = tieBreakers.map((name) => columnOf(SIGNALS[name], candidates, context));
  return (a, b) => {
    for (const column of columns) {
      const left = column[a.position] ?? 0;
      const right = column[b.position] ?? 0;
      if (left !== right) return left < right ? -1 : 1;
    }
    return compareIds(a.id, b.id);
  };
};

const columnOf = (
  signal: CandidateSignal,
  candidates: readonly MeasuredCandidate[],
  context: SignalContext,
): number[] => {
  const sign = signal.better === 'lower' ? 1 : -1;
  return candidates.map((candidate) => {
    const value = signal.valueOf(candidate, context);
    return value === undefined ? Number.POSITIVE_INFINITY : sign * value;
  });
};

/** Thrown: RangeError where there is no candidate. */
export const bestCandidate = (
  candidates: readonly MeasuredCandidate[],
  order: CandidateOrder,
): MeasuredCandidate => {
  let best = candidates[0];
  if (best === undefined) throw new RangeError('There is no best of no candidates.');
  for (const candidate of candidates) {
    if (candidate !== best && order(candidate, best) < 0) best = candidate;
  }
  return best;
};
