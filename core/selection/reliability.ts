/** e(r): the share of a problem’s tests on which a candidate is reliable. */
import { leastCount } from '../statistics/least-count.ts';
import type { MeasuredCandidate, Population } from './population.ts';

/** executes: Exec(r, t) ≠ ⊥, Eq. 3 of arXiv 2512.17385; passes: the words of the article that describes it. */
export type ReliabilityKind = 'executes' | 'passes';

/** The numerator of e(r); its denominator, the tests kept, is the same for all candidates of a problem. */
export const reliableTests = (candidate: MeasuredCandidate, kind: ReliabilityKind): number =>
  kind === 'executes' ? candidate.answered : candidate.passed;

/** 0 where no test is kept. */
export const reliabilityOf = (candidate: MeasuredCandidate, kind: ReliabilityKind, tests: number): number =>
  tests === 0 ? 0 : reliableTests(candidate, kind) / tests;

export type Rejection = { id: string; reason: string };

/** Splits candidates by e(r) ≥ `minimum` (ρ in the paper), compared without rounding; the order stays. */
export const filterReliable = (
  { candidates, kept }: Population,
  kind: ReliabilityKind,
  minimum: number,
): { reliable: MeasuredCandidate[]; rejected: Rejection[] } => {
  const least = leastCount(minimum, kept.length);
  const reliable: MeasuredCandidate[] = [];
  const rejected: Rejection[] = [];
  // By the number of tests: many candidates fall short by the same.
  const reasons: (string | undefined)[] = [];
  for (const candidate of candidates) {
    const tests = reliableTests(candidate, kind);
    if (tests >= least) reliable.push(candidate);
    else {
      const value = reliabilityOf(candidate, kind, kept.length);
      reasons[tests] ??= `reliability ${shortBelow(value, minimum)} < ${minimum}`;
      rejected.push({ id: candidate.id, reason: reasons[tests] });
    }
  }
  return { reliable, rejected };
};

/** Two decimals, or as many as show that the value is below the limit. */
const shortBelow = (value: number, limit: number): string => {
  for (const digits of [2, 4, 8]) {
    const short = Number(value.toFixed(digits));
    if (short < limit) return String(short);
  }
  return String(value);
};
