/** Selections that wait for a person: which they are, what may be decided, and what a decision makes of a selection. */
import { z } from 'zod';
import type { ReviewConfig } from '../config/review-config.ts';
import { UcoderError } from '../errors.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { DECISIONS, type ReviewRequest } from './requests.ts';

/** What is known of a selection when its problem ends. */
export type Selected = { problemId: string; candidate: string; share: number };

/** What an iteration tells its campaign of it; `earlier`: what an earlier run of the campaign stored about it. */
export type Doubtful = Selected & { iteration: number; earlier?: ReviewDecision };

/** A campaign that was started before there was review has no such settings. */
export const isDoubtful = (
  review: ReviewConfig | undefined,
  { problemId, share }: Selected,
  { seed, iteration }: { seed: number; iteration: number },
): boolean => {
  if (review?.when === 'low-consensus') return share < review.threshold;
  if (review?.when !== 'sample') return false;
  return seededRandom(seed, `review/${iteration}/${problemId}`)() < review.share;
};

export const ReviewDecision = z.object({
  problemId: z.string(),
  decision: z.enum(DECISIONS),
  candidate: z.string().optional().describe('The one that replaces the selected one.'),
  by: z.enum(['person', 'default']),
});
export type ReviewDecision = z.infer<typeof ReviewDecision>;

/** A selection in the queue. Times are epoch milliseconds. */
export type WaitingReview = Selected & { iteration: number; until: number };

export type ReviewQueue = { waiting: WaitingReview[]; decided: (ReviewDecision & { iteration: number })[] };

/** The queue of a campaign that was paused and goes on: its deadlines stood still. */
export const afterPause = ({ waiting, decided }: ReviewQueue, pausedMs: number): ReviewQueue => ({
  waiting: waiting.map((review) => ({ ...review, until: review.until + pausedMs })),
  decided,
});

/**
 * What a person’s request decides; the earlier decision where it is the same, so that asking twice does no harm.
 * Thrown: steering-refused.
 */
export const readReview = (
  { problem, decision, candidate }: ReviewRequest,
  { waiting, decided }: ReviewQueue,
): { decision: ReviewDecision; isNew: boolean } => {
  const refuse = (message: string) => new UcoderError('steering-refused', message);
  const earlier = decided.find(({ problemId }) => problemId === problem);
  const wanted: ReviewDecision = {
    problemId: problem,
    decision,
    ...(candidate === undefined ? {} : { candidate }),
    by: 'person',
  };
  if (earlier) {
    if (earlier.decision === decision && earlier.candidate === candidate)
      return { decision: wanted, isNew: false };
    const who = earlier.by === 'default' ? 'nobody decided in time' : 'a person decided';
    throw refuse(`${problem} is decided already (${earlier.decision}: ${who}).`);
  }
  if (!waiting.some(({ problemId }) => problemId === problem)) {
    const names = waiting.map(({ problemId }) => problemId);
    throw refuse(
      `${problem} does not wait for a decision. ${names.length > 0 ? `Waiting: ${names.slice(0, 20).join(', ')}` : 'Nothing does'}.`,
    );
  }
  if ((decision === 'replace') !== (candidate !== undefined))
    throw refuse('A candidate is named with replace, and with nothing else.');
  return { decision: wanted, isNew: true };
};

/** How many were decided how, and by whom; part of the result. */
export const ReviewCounts = z.object({
  accepted: z.int().min(0),
  rejected: z.int().min(0),
  replaced: z.int().min(0),
  byPerson: z.int().min(0),
  byDefault: z.int().min(0).describe('Nobody decided in time.'),
  unasked: z
    .int()
    .min(0)
    .optional()
    .describe('Beyond those that a person is asked about; the default held at once. In no other count.'),
});
export type ReviewCounts = z.infer<typeof ReviewCounts>;

export const countReviews = (decisions: readonly ReviewDecision[]): ReviewCounts => {
  const count = (is: (decision: ReviewDecision) => boolean) => decisions.filter(is).length;
  return {
    accepted: count(({ decision }) => decision === 'accept'),
    rejected: count(({ decision }) => decision === 'reject'),
    replaced: count(({ decision }) => decision === 'replace'),
    byPerson: count(({ by }) => by === 'person'),
    byDefault: count(({ by }) => by === 'default'),
  };
};

/** A gathered selection as it is after review. What was said of the candidate that is chosen no longer goes with it. */
export const reviewed = (
  line: Record<string, unknown>,
  review: ReviewDecision | undefined,
): Record<string, unknown> => {
  if (!review) return line;
  const { by, decision, candidate } = review;
  if (decision === 'accept') return { ...line, review: { decision, by } };
  const { evidence: _, chosenCluster: __, ...rest } = line;
  if (decision === 'replace')
    return { ...rest, selected: candidate, review: { decision, by, instead: line.selected } };
  return {
    ...rest,
    selected: null,
    reason: `rejected in review (${by})`,
    review: { decision, by, instead: line.selected },
  };
};
