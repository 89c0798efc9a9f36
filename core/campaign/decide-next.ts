/**
 * Whether a campaign goes on, and from which checkpoint: early stopping with patience, and the way back to the
 * best one at the end. The paper stops "when validation stops improving" (arXiv 2512.17385) and names no rule.
 */
import type { IterationsConfig } from '../config/campaign-config.ts';
import type { CheckpointSource } from '../report/iteration-record.ts';

/** One iteration as far as this decision is concerned; iteration 0 is the base model. */
export type IterationScore = {
  n: number;
  /** Validation pass@1, or null where nothing was validated. */
  score: number | null;
  /** Whether the iteration has a checkpoint of its own. */
  trained: boolean;
};

export type BestIteration = { n: number; passAt1: number | null };

export type NextStep = {
  continue: boolean;
  /** What the next iteration samples from and trains on; where the campaign ends, the best checkpoint. */
  from: CheckpointSource;
  best: BestIteration;
  /** One sentence. */
  reason: string;
};

/** Scores are shares of some hundred questions; sums of floats must not turn a rise of 0.1 into less. */
const ROUNDING = 1e-9;

/** `history` holds iteration 0 and every finished iteration in order. */
export const decideNext = (history: readonly IterationScore[], policy: IterationsConfig): NextStep => {
  const best = bestIteration(history);
  const finished = history.reduce((last, { n }) => Math.max(last, n), 0);
  const end = (reason: string): NextStep => ({ continue: false, from: checkpointOf(best.n), best, reason });
  if (finished >= policy.max) return end(`All ${policy.max} iterations are done.`);
  const stale = iterationsWithoutGain(history, policy.minGain);
  if (stale >= policy.patience) {
    return end(
      `No gain in ${stale} ${stale === 1 ? 'iteration' : 'iterations'} (patience ${policy.patience}).`,
    );
  }
  const from = sourceOfNext(history, best, policy.continueFrom);
  return { continue: true, from, best, reason: `Iteration ${finished + 1} starts from ${nameOf(from)}.` };
};

/** The highest score with a model of its own; the earlier one of equals, and the base where nothing was scored. */
export const bestIteration = (history: readonly IterationScore[]): BestIteration => {
  let best: BestIteration = { n: 0, passAt1: null };
  for (const { n, score, trained } of history) {
    if (score === null || (n > 0 && !trained)) continue;
    if (best.passAt1 === null || score > best.passAt1 + ROUNDING) best = { n, passAt1: score };
  }
  return best;
};

/** Iterations since the last gain; one that trained nothing, or was not validated, is one without. */
export const iterationsWithoutGain = (history: readonly IterationScore[], minGain: number): number => {
  let reference: number | null = null;
  let stale = 0;
  for (const { n, score, trained } of history) {
    if (n === 0) {
      reference = score;
      continue;
    }
    const scored = trained && score !== null;
    const gain = scored && (reference === null || rises(score - reference, minGain));
    if (gain) reference = score;
    stale = gain ? 0 : stale + 1;
  }
  return stale;
};

const rises = (rise: number, minGain: number): boolean => rise > ROUNDING && rise >= minGain - ROUNDING;

const sourceOfNext = (
  history: readonly IterationScore[],
  best: BestIteration,
  continueFrom: IterationsConfig['continueFrom'],
): CheckpointSource => {
  if (continueFrom === 'base') return 'base';
  if (continueFrom === 'best') return checkpointOf(best.n);
  return checkpointOf(history.reduce((last, { n, trained }) => (trained ? Math.max(last, n) : last), 0));
};

const checkpointOf = (n: number): CheckpointSource => (n === 0 ? 'base' : { iteration: n });

const nameOf = (from: CheckpointSource): string =>
  from === 'base' ? 'the base model' : `iteration ${from.iteration}`;
