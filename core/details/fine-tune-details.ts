/** A fine-tune’s page in the Temporal UI, as Markdown. */
import { timeLeftLine, unitsText } from './detail-lines.ts';
import { lossText, type TrainingProgress } from './training-progress.ts';

export type FineTuneDetails = {
  /** What the job told last; absent while it loads its model. */
  told?: TrainingProgress | undefined;
  msLeft: number | null;
  paused: boolean;
  /** At the end of the job. */
  trained?: { steps: number; examples: number; skipped: number; loss: number | null } | undefined;
  /** Epoch milliseconds. */
  now: number;
};

export const fineTuneDetails = ({ told, msLeft, paused, trained, now }: FineTuneDetails): string => {
  if (trained) {
    const { steps, examples, skipped, loss } = trained;
    return [
      `**trained**: ${steps} steps on ${examples} pairs${skipped > 0 ? `, ${skipped} too long` : ''}`,
      ...(loss === null ? [] : [`- Last ${lossText({ loss })}`]),
    ].join('\n');
  }
  const title = paused ? 'train, paused' : 'train';
  if (!told) return `**${title}**: no step is told yet`;
  return [
    `**${title}**${unitsText(told.step, told.total)} steps`,
    ...(paused ? [] : timeLeftLine([{ ms: msLeft, where: 'of train' }], now)),
    `- Last ${lossText(told)}, epoch ${told.epoch.toFixed(2)}`,
  ].join('\n');
};
