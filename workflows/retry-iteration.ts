/** A retry that a person asked for: when it takes effect, and what the campaign goes on with then. */
import { startRetry } from '../core/steering/retry.ts';
import { recordAtHand } from './archive.ts';
import { type CampaignInput, type CampaignState, iterationsOf } from './campaign-state.ts';

/** The iteration at hand, or the last one. */
export const currentIteration = (state: CampaignState): number =>
  Math.max(state.progress.iteration, iterationsOf(state).at(-1)?.n ?? 0);

/** Between two steps: drops what is done again. Without effect where nobody asked, or it has begun already. */
export const beginRetry = async (input: CampaignInput, state: CampaignState): Promise<void> => {
  const { retry } = state;
  if (!retry?.pending) return;
  const { iteration, from } = retry;
  await recordAtHand(input, state, iteration);
  const before = { ...state, revisions: state.revisions ?? {}, current: currentIteration(state) };
  const { records, archived, revisions, heldout, droppedTokens } = startRetry({ iteration, from }, before);
  const told = state.openTokens.iteration === iteration && from === 'problems' ? state.openTokens.tokens : 0;
  const unrecorded = iterationsOf(state).some(({ n }) => n === iteration) ? 0 : told;
  Object.assign(state, { records, archived, revisions, heldout });
  state.droppedTokens = (state.droppedTokens ?? 0) + droppedTokens + unrecorded;
  state.openTokens = { iteration: 0, tokens: 0 };
  state.openFailed = { iteration: 0, failed: 0 };
  // The candidates that a person saw are made anew.
  if (from === 'problems') state.reviews = undefined;
  // What was given up after it is gone; what was given up with it is wanted again.
  if (state.rollback && iteration <= state.rollback.since) state.rollback = null;
  state.retry = { ...retry, pending: false };
};
