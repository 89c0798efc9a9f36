/** A campaign’s queue of selections that wait for a person: it keeps the deadline and hands decisions to the iteration. */
import {
  ApplicationFailure,
  condition,
  getExternalWorkflowHandle,
  patched,
  setHandler,
} from '@temporalio/workflow';
import { UcoderError } from '../core/errors.ts';
import type { ReviewRequest } from '../core/steering/requests.ts';
import {
  afterPause,
  type ReviewDecision,
  type ReviewQueue,
  readReview,
  type WaitingReview,
} from '../core/steering/review.ts';
import { keptReviews, selection } from './activity-proxies.ts';
import type { CampaignInput, CampaignState } from './campaign-state.ts';
import { doubtfulSignal, reviewedSignal, reviewsQuery } from './messages.ts';
import { workflowIds } from './workflow-ids.ts';

export const reviewsOf = ({ reviews }: CampaignState): ReviewQueue => reviews ?? { waiting: [], decided: [] };

export const queueReviews = (input: CampaignInput, state: CampaignState): void => {
  setHandler(reviewsQuery, () => ({ ...reviewsOf(state), standsStill: state.paused !== null }));
  setHandler(doubtfulSignal, async ({ earlier: stored, ...selected }) => {
    const { iteration, problemId } = selected;
    const before = reviewsOf(state);
    const queue = {
      waiting: before.waiting.filter((other) => other.iteration === iteration),
      decided: before.decided.filter((other) => other.iteration === iteration),
    };
    state.reviews = queue;
    // A retry of the failed problems asks again about what a person decided before.
    const earlier = queue.decided.find((other) => other.problemId === problemId);
    if (earlier) return stored ? undefined : tell(input, state, earlier);
    if (stored) {
      queue.decided.push({ ...stored, iteration });
      return;
    }
    if (queue.waiting.some((other) => other.problemId === problemId)) return;
    // Asked in a pause, it has all its hours from the end of that.
    const from = standsStill(state) ? Date.parse(state.paused?.at ?? '') : Date.now();
    queue.waiting.push({ ...selected, until: from + input.config.review.hours * 3_600_000 });
  });
};

/** In a pause nobody’s time runs out: the campaign waits for a person anyway. */
const STANDS_STILL = 'deadlines-stand-still';
const standsStill = ({ paused }: CampaignState): boolean => paused !== null && patched(STANDS_STILL);

/** To be called when a pause ends. */
export const endStandstill = (state: CampaignState): void => {
  if (!state.reviews || !state.paused || !standsStill(state)) return;
  state.reviews = afterPause(state.reviews, Date.now() - Date.parse(state.paused.at));
};

/** The end of an iteration: what nobody decided is decided by then. */
export const closeReviews = (state: CampaignState): void => {
  if (state.reviews) state.reviews.waiting = [];
};

/** A request of a person; false where the same was decided before. Thrown: a refusal, as Temporal knows it. */
export const review = async (
  input: CampaignInput,
  state: CampaignState,
  request: ReviewRequest,
): Promise<boolean> => {
  const { decision, isNew } = refusing(() => readReview(request, reviewsOf(state)));
  if (!isNew) return false;
  const waiting = reviewsOf(state).waiting.find(({ problemId }) => problemId === request.problem);
  if (waiting && decision.candidate !== undefined) {
    await mustBeProgram(input, state, waiting, decision.candidate);
    // Somebody else, or the deadline, may have been faster.
    if (!refusing(() => readReview(request, reviewsOf(state))).isNew) return false;
  }
  if (waiting && (await settle(input, state, waiting, decision))) return true;
  return refusing(() => readReview(request, reviewsOf(state))).isNew;
};

const refusing = <T>(work: () => T): T => {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof UcoderError)) throw thrown;
    throw ApplicationFailure.nonRetryable(thrown.message, thrown.code);
  }
};

const placeOf = ({ config }: CampaignInput, { revisions }: CampaignState, { iteration }: WaitingReview) => ({
  campaignId: config.name,
  iteration,
  seed: config.seed,
  ...(revisions ? { revisions } : {}),
});

const mustBeProgram = async (
  input: CampaignInput,
  state: CampaignState,
  waiting: WaitingReview,
  candidate: string,
): Promise<void> => {
  const { problemId } = waiting;
  if (await selection.hasProgram({ ...placeOf(input, state, waiting), problemId, candidate })) return;
  const message = `${problemId} has no candidate ${candidate} with a program.`;
  throw ApplicationFailure.nonRetryable(message, 'steering-refused');
};

/**
 * Stores a decision, where nobody’s is stored, and hands on the one that stands. False where this is another, or where
 * the selection does not wait any longer.
 */
const settle = async (
  input: CampaignInput,
  state: CampaignState,
  waiting: WaitingReview,
  review: ReviewDecision,
): Promise<boolean> => {
  const { problemId, iteration } = waiting;
  const stands = patched('keeps-reviews')
    ? await keptReviews.keepReview({ ...placeOf(input, state, waiting), review })
    : review;
  const queue = reviewsOf(state);
  if (!queue.waiting.some((other) => other.problemId === problemId)) return false;
  queue.waiting = queue.waiting.filter((other) => other.problemId !== problemId);
  const decided = { ...stands, iteration };
  queue.decided.push(decided);
  await tell(input, state, decided);
  return stands.decision === review.decision && stands.candidate === review.candidate;
};

const tell = async (
  { config }: CampaignInput,
  { revisions }: CampaignState,
  { iteration, ...decision }: ReviewDecision & { iteration: number },
): Promise<void> => {
  await getExternalWorkflowHandle(workflowIds.iteration(config.name, iteration, revisions))
    .signal(reviewedSignal, decision)
    .catch(() => undefined); // It was ended in the meantime, and decided by itself.
};

/** Where nobody decides in time, the default holds. Runs beside the campaign. */
export const watchReviews = async (input: CampaignInput, state: CampaignState): Promise<void> => {
  const first = (): WaitingReview | undefined =>
    reviewsOf(state).waiting.reduce<WaitingReview | undefined>(
      (earliest, other) => (earliest && earliest.until <= other.until ? earliest : other),
      undefined,
    );
  for (;;) {
    await condition(() => first() !== undefined);
    const stands = patched(STANDS_STILL);
    const isHeld = () => stands && state.paused !== null;
    await condition(() => !isHeld());
    const next = first();
    if (!next) continue;
    const { problemId, until } = next;
    const isGone = () => first()?.problemId !== problemId || first()?.until !== until || isHeld();
    if ((await condition(isGone, Math.max(1, until - Date.now()))) || isHeld()) continue;
    const decision = input.config.review.otherwise;
    await settle(input, state, next, { problemId, decision, by: 'default' });
  }
};
