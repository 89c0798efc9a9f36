/** A campaign’s queue of selections that wait for a person: it keeps the deadline and hands decisions to the iteration. */
import { ApplicationFailure, condition, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import { UcoderError } from '../core/errors.ts';
import type { ReviewRequest } from '../core/steering/requests.ts';
import {
  type ReviewDecision,
  type ReviewQueue,
  readReview,
  type WaitingReview,
} from '../core/steering/review.ts';
import { selection } from './activity-proxies.ts';
import type { CampaignInput, CampaignState } from './campaign-state.ts';
import { doubtfulSignal, reviewedSignal, reviewsQuery } from './messages.ts';
import { workflowIds } from './workflow-ids.ts';

export const reviewsOf = ({ reviews }: CampaignState): ReviewQueue => reviews ?? { waiting: [], decided: [] };

export const queueReviews = (input: CampaignInput, state: CampaignState): void => {
  setHandler(reviewsQuery, () => reviewsOf(state));
  setHandler(doubtfulSignal, async (selected) => {
    const { iteration, problemId } = selected;
    const before = reviewsOf(state);
    const queue = {
      waiting: before.waiting.filter((other) => other.iteration === iteration),
      decided: before.decided.filter((other) => other.iteration === iteration),
    };
    state.reviews = queue;
    // A retry of the failed problems asks again about what a person decided before.
    const earlier = queue.decided.find((other) => other.problemId === problemId);
    if (earlier) return tell(input, state, earlier);
    if (queue.waiting.some((other) => other.problemId === problemId)) return;
    queue.waiting.push({ ...selected, until: Date.now() + input.config.review.hours * 3_600_000 });
  });
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
  if (waiting) await settle(input, state, waiting, decision);
  return true;
};

const refusing = <T>(work: () => T): T => {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof UcoderError)) throw thrown;
    throw ApplicationFailure.nonRetryable(thrown.message, thrown.code);
  }
};

const mustBeProgram = async (
  { config }: CampaignInput,
  { revisions }: CampaignState,
  { iteration, problemId }: WaitingReview,
  candidate: string,
): Promise<void> => {
  const place = {
    campaignId: config.name,
    iteration,
    seed: config.seed,
    ...(revisions ? { revisions } : {}),
  };
  if (await selection.hasProgram({ ...place, problemId, candidate })) return;
  const message = `${problemId} has no candidate ${candidate} with a program.`;
  throw ApplicationFailure.nonRetryable(message, 'steering-refused');
};

const settle = async (
  input: CampaignInput,
  state: CampaignState,
  { problemId, iteration }: WaitingReview,
  decision: ReviewDecision,
): Promise<void> => {
  const queue = reviewsOf(state);
  queue.waiting = queue.waiting.filter((other) => other.problemId !== problemId);
  const decided = { ...decision, iteration };
  queue.decided.push(decided);
  await tell(input, state, decided);
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
    const next = first();
    if (!next) continue;
    const isGone = () => first()?.problemId !== next.problemId;
    if (await condition(isGone, Math.max(1, next.until - Date.now()))) continue;
    const decision = input.config.review.otherwise;
    await settle(input, state, next, { problemId: next.problemId, decision, by: 'default' });
  }
};
