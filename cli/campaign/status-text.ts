/** What `ucoder start` and `ucoder status` print for a person. */
import { durationText } from '../../core/details/duration-text.ts';
import type { CampaignStatus } from './campaign-status.ts';
import type { Started } from './start-campaign.ts';

export const startedText = (id: string, started: Started, ui: string): string =>
  started === 'runs'
    ? `Campaign ${id} runs. Temporal UI: ${ui}\n`
    : `Campaign ${id} has ended already; to run it once more, give it another name. Its report: npx ucoder report ${id}\n`;

export const statusText = (status: CampaignStatus): string => {
  const { id, state, iteration, stage, done, total, note, waitingFor, secondsLeft, secondsLeftAtMost } =
    status;
  const units = total > 0 && stage !== state ? `, ${done} of ${total}${note ? `, ${note}` : ''}` : '';
  const left = [
    ...(secondsLeft === null ? [] : [`${durationText(secondsLeft * 1000)} in this stage`]),
    ...(secondsLeftAtMost === null
      ? []
      : [`${durationText(secondsLeftAtMost * 1000)} until the last iteration at most`]),
  ];
  const lines = [
    `${id}: ${state}, iteration ${iteration}${stage === state ? '' : `, ${stage}`}${units}`,
    ...(status.reason ? [`Reason: ${status.reason}`] : []),
    ...(left.length > 0 ? [`Time left: about ${left.join(', ')}`] : []),
    ...(waitingFor ? [`Waiting: ${waitingFor}`] : []),
    ...(status.reviews
      ? [`A person has not decided about ${status.reviews} selections: npx ucoder review ${id}`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
};
