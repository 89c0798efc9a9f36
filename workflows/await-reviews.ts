/** An iteration’s side of human review: it asks its campaign about doubtful selections and goes on with the others. */
import { condition, getExternalWorkflowHandle, patched, setHandler } from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { MOST_REVIEWS } from '../core/config/review-config.ts';
import { isDoubtful } from '../core/steering/review.ts';
import { keptReviews } from './activity-proxies.ts';
import { type IterationState, recordReview, recordUnasked } from './iteration-state.ts';
import { doubtfulSignal, reviewedSignal } from './messages.ts';
import type { ProblemOutcome } from './problem-outcome.ts';
import { isEnding, type Steered } from './steered.ts';
import { workflowIds } from './workflow-ids.ts';

type Asking = { context: ModelStepContext; config: CampaignConfig };

export const acceptReviews = (state: IterationState): void => {
  setHandler(reviewedSignal, (decision) => recordReview(state, decision));
};

/** Where there is nobody to ask, or too much was asked already, the default holds at once. */
export const askForReview = async (
  { context, config }: Asking,
  state: IterationState,
  { state: ended, problemId, selected: candidate, share }: ProblemOutcome,
): Promise<void> => {
  if (ended !== 'consensus' || candidate === undefined) return;
  const selected = { problemId, candidate, share };
  if (!isDoubtful(config.review, selected, context)) return;
  const kept = patched('keeps-reviews');
  if ((state.inReview?.length ?? 0) + (state.reviews?.length ?? 0) >= mostReviews(config)) {
    if (!kept) return;
    const review = { problemId, decision: config.review.otherwise, by: 'default' as const };
    return recordUnasked(state, await keptReviews.keepReview({ ...context, review }));
  }
  state.inReview = [...(state.inReview ?? []), problemId];
  const earlier = kept ? await keptReviews.findReview({ ...context, problemId }) : null;
  if (earlier) recordReview(state, earlier);
  await getExternalWorkflowHandle(workflowIds.campaign(context.campaignId))
    .signal(doubtfulSignal, { ...selected, iteration: context.iteration, ...(earlier ? { earlier } : {}) })
    .catch(() => decideByDefault(config, state, [problemId]));
};

/** Until everything is decided; the campaign keeps the deadline. Whoever ends the iteration decides nothing. */
export const awaitReviews = async (
  { config }: Pick<Asking, 'config'>,
  state: IterationState,
  { now }: Steered,
): Promise<void> => {
  await condition(() => isReviewed(state) || isEnding(now));
  decideByDefault(config, state, [...(state.inReview ?? [])]);
};

const isReviewed = ({ inReview }: IterationState): boolean => (inReview?.length ?? 0) === 0;

const decideByDefault = (
  { review }: CampaignConfig,
  state: IterationState,
  problems: readonly string[],
): void => {
  for (const problemId of problems)
    recordReview(state, { problemId, decision: review.otherwise, by: 'default' });
};

/** A sentence where everything else is done. */
export const reviewWait = (state: IterationState): string | null =>
  state.phase === 'solve' && state.finished >= state.total && !isReviewed(state)
    ? `${state.inReview?.length} selections wait for a person to decide; npx ucoder review`
    : null;

/** What else a person should know of the selections, in a few words. */
export const reviewNote = ({ unasked = 0 }: IterationState, config: CampaignConfig): string | null =>
  unasked > 0
    ? `${unasked} doubtful selections beyond ${mostReviews(config)} were not asked about (${config.review.otherwise})`
    : null;

/** A campaign of before has no such setting. */
const mostReviews = ({ review }: CampaignConfig): number => review.most ?? MOST_REVIEWS;
