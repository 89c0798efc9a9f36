/** What a campaign may use: where that is reached it is paused, so that a person may raise it. */
import { condition } from '@temporalio/workflow';
import { spentBudget } from './budget.ts';
import type { CampaignInput, CampaignState } from './campaign-state.ts';
import type { SteeredCampaign } from './steer-campaign.ts';
import { workedMs } from './work-clock.ts';

/** Pauses the campaign when its budget is spent, and again after each raise that is spent. Runs beside the campaign. */
export const watchBudget = async (
  input: CampaignInput,
  state: CampaignState,
  steered: SteeredCampaign,
): Promise<void> => {
  for (;;) {
    await condition(() => state.paused === null);
    const over = spentBudget(input.config, state);
    if (over) await steered.pause({ by: 'budget', reason: over });
    const { sequence } = state;
    const changed = () => state.sequence !== sequence || spentBudget(input.config, state) !== null;
    const { hours } = input.config.budget;
    if (hours === undefined || state.paused) await condition(changed);
    else await condition(changed, Math.max(1000, hours * 3_600_000 - workedMs(state.worked)));
  }
};
