/** What a campaign has used of what it may use. */
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { type CampaignState, iterationsOf } from './campaign-state.ts';
import { workedMs } from './work-clock.ts';

/** Completion tokens so far, those of the iteration at hand and of what retries dropped included. */
export const spentTokens = (state: CampaignState): number => {
  const { openTokens, droppedTokens = 0 } = state;
  const iterations = iterationsOf(state);
  const recorded = iterations
    .filter(({ n, work }) => n !== openTokens.iteration || work !== undefined)
    .reduce((sum, { tokens }) => sum + tokens.all, 0);
  const told = iterations.some(({ n, work }) => n === openTokens.iteration && work !== undefined);
  return recorded + (told ? 0 : openTokens.tokens) + droppedTokens;
};

/** A sentence where a limit is reached, null where there is room. */
export const spentBudget = ({ budget }: CampaignConfig, state: CampaignState): string | null => {
  const tokens = spentTokens(state);
  if (budget.tokens !== undefined && tokens >= budget.tokens)
    return `The budget of ${budget.tokens} tokens is spent (${tokens}).`;
  const hours = workedMs(state.worked) / 3_600_000;
  if (budget.hours !== undefined && hours >= budget.hours)
    return `The budget of ${budget.hours} hours is spent.`;
  return null;
};
