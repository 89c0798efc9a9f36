/** A problem as a campaign left it, or a bare matrix: what every strategy can be replayed on. */
import type { SelectionMatrix } from '../selection-matrix.ts';

export type StoredProblem = {
  matrix: SelectionMatrix;
  /** What the campaign chose, null for nothing; undefined where nobody has chosen. */
  chosen?: string | null;
  /** Completion tokens by candidate, where they are known. */
  tokens?: ReadonlyMap<string, number>;
  /** Equal for problems that ask the same. */
  question: string;
  /** Held out for validation: no pair is made of it. */
  isHeldout: boolean;
};
