/** What becomes of each problem of a batch, from its rating and that of its one rewrite. */
import type { ProblemsConfig } from '../config/campaign-config.ts';
import type { JudgedProblem, Problem, Rating } from '../problems/problem.ts';
import { keptByThreshold } from './threshold.ts';

/** A version of a problem with its rating, or with the reason why it has none. */
export type RatedVersion = { problem: Problem; rating: Rating | null; reason?: string | undefined };

const BELOW = 'below the threshold';

/** Stands in for a rating that could not be read: lowest, and not accepted. */
const unrated = (reason: string): Rating => ({ score: 0, reason, scores: {}, distribution: {} });

/** `rewritten` holds the second versions, by the problem's id. A rewrite that could not be read leaves the first version, refused. */
export const judgeBatch = (
  first: readonly RatedVersion[],
  rewritten: readonly RatedVersion[],
  minScore: ProblemsConfig['minScore'],
): JudgedProblem[] => {
  const second = new Map(rewritten.map((version) => [version.problem.id, version]));
  const last = first.map((version) => second.get(version.problem.id) ?? version);
  const kept = keptByThreshold(
    last.map(({ rating }) => rating?.score ?? null),
    minScore,
  );
  return first.map((version, index): JudgedProblem => {
    const final = last[index] ?? version;
    const refined = final !== version && final.rating !== null;
    const firstRating = version.rating ?? unrated(version.reason ?? BELOW);
    const accepted = kept[index] === true;
    return {
      problem: refined ? final.problem : version.problem,
      rating: refined && final.rating ? final.rating : firstRating,
      refined,
      ...(refined ? { firstRating } : {}),
      accepted,
      ...(accepted ? {} : { reason: final.reason ?? BELOW }),
    };
  });
};
