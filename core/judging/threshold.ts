/** Which problems of a batch the judge's threshold keeps. */
import type { ProblemsConfig } from '../config/campaign-config.ts';

/**
 * One boolean for each score: at least the number, or among the best share of the batch (rounded, at least
 * one of a batch that has any; of equal scores the earlier). A problem without a score is never kept.
 */
export const keptByThreshold = (
  scores: readonly (number | null)[],
  minScore: ProblemsConfig['minScore'],
): boolean[] => {
  if (typeof minScore === 'number') return scores.map((score) => score !== null && score >= minScore);
  const places = minScore.keepShare === 0 ? 0 : Math.max(1, Math.round(minScore.keepShare * scores.length));
  const best = scores
    .flatMap((score, index) => (score === null ? [] : [{ score, index }]))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, places);
  const kept = new Set(best.map(({ index }) => index));
  return scores.map((_, index) => kept.has(index));
};
