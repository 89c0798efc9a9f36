/** Rows of candidates that ran before on the same tests, in earlier rounds of adaptive sampling. */
import type { CandidateResult } from './batch.ts';
import { programText } from './program-text.ts';

export type EarlierCandidate = {
  /** Undefined where there was no program in the answer. */
  readonly code: string | undefined;
  readonly result: CandidateResult;
};

/**
 * Rows that an equal program may take instead of being run, by program text (core/execution/program-text.ts), the first
 * of each text. Only whole ones: a row with tests that were not run, or were answered now so, now otherwise, says less
 * of a program than a run of it would.
 */
export const wholeRows = (earlier: readonly EarlierCandidate[]): Map<string, CandidateResult> => {
  const rows = new Map<string, CandidateResult>();
  for (const { code, result } of earlier) {
    if (code === undefined || !isWhole(result)) continue;
    const text = programText(code);
    if (!rows.has(text)) rows.set(text, result);
  }
  return rows;
};

const isWhole = ({ outcomes }: CandidateResult): boolean =>
  !outcomes.includes('not-run') && !outcomes.includes('flaky');
