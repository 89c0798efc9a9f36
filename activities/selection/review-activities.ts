/**
 * Decisions about selections that waited for a person, in the bucket: a campaign that failed and is started again asks
 * nobody twice.
 */
import { layout } from '../../core/layout.ts';
import { ReviewDecision } from '../../core/steering/review.ts';
import type { StepContext } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';

const reviewKey = (i: StepContext, problemId: string): string =>
  layout.work(i, i.iteration, 'reviews', `${problemId}.json`);

export const createReviewActivities = ({ store }: { store: ObjectStore }) => ({
  /** The decision that stands: the first one. Safe to repeat: the first write wins. */
  async keepReview(i: StepContext & { review: ReviewDecision }): Promise<ReviewDecision> {
    return store.once(reviewKey(i, i.review.problemId), ReviewDecision, async () => i.review);
  },

  /** What was decided about a problem’s selection before, null where nothing was. Safe to repeat: it only reads. */
  async findReview(i: StepContext & { problemId: string }): Promise<ReviewDecision | null> {
    const key = reviewKey(i, i.problemId);
    return (await store.find(key)) ? store.readJson(key, ReviewDecision) : null;
  },
});
export type ReviewActivities = ReturnType<typeof createReviewActivities>;

/** All of an iteration’s, by problem. */
export const readReviews = async (
  store: ObjectStore,
  i: StepContext,
): Promise<Map<string, ReviewDecision>> => {
  const stored = await store.list(layout.work(i, i.iteration, 'reviews', ''));
  const reviews = [];
  for (const { key } of stored) reviews.push(await store.readJson(key, ReviewDecision));
  return new Map(reviews.map((review) => [review.problemId, review]));
};
