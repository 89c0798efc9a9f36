/** An iteration’s side of human review: it asks its campaign about doubtful selections and goes on with the others. */
import { condition, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { isDoubtful, MOST_REVIEWS } from '../core/steering/review.ts';
import { type IterationState, recordReview } from './iteration-state.ts';
import { doubtfulSignal, reviewedSignal } from './messages.ts';
import type { ProblemOutcome } from './problem-outcome.ts';
import { isEnding, type Steered } from './steered.ts';
import { workflowIds } from './workflow-ids.ts';

type Asking = { context: ModelStepContext; config: CampaignConfig };

export const acceptReviews = (state: IterationState): void => {
  setHandler(reviewedSignal, (decision) => recordReview(state, decision));
};

/** Where there is nobody to ask, the default holds at once. */
export const askForReview = async (
  { context, config }: Asking,
  state: IterationState,
  { state: ended, problemId, selected: candidate, share }: ProblemOutcome,
): Promise<void> => {
  if (ended !== 'consensus' || candidate === undefined) return;
  const selected = { problemId, candidate, share };
  if (!isDoubtful(config.review, selected, context)) return;
  if ((state.inReview?.length ?? 0) + (state.reviews?.length ?? 0) >= MOST_REVIEWS) return;
  state.inReview = [...(state.inReview ?? []), problemId];
  await getExternalWorkflowHandle(workflowIds.campaign(context.campaignId))
    .signal(doubtfulSignal, { ...selected, iteration: context.iteration })
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
