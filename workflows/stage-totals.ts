/** Tokens and seconds by stage, summed over activities. */
import type { ReasonCounts, StepMeasures } from '../activities/step.ts';

export type StageTotals = Record<string, StepMeasures>;

/** What a step told; one that was recorded before it told its time has none. */
export const addMeasures = (
  totals: StageTotals,
  stage: string,
  { tokens = 0, seconds = 0 }: Partial<StepMeasures>,
): void => {
  const before = totals[stage] ?? { tokens: 0, seconds: 0 };
  totals[stage] = {
    tokens: before.tokens + tokens,
    seconds: Math.round((before.seconds + seconds) * 1000) / 1000,
  };
};

export const addTotals = (totals: StageTotals, more: StageTotals): void => {
  for (const [stage, measures] of Object.entries(more)) addMeasures(totals, stage, measures);
};

export const addCounts = (totals: ReasonCounts, more: ReasonCounts): void => {
  for (const [reason, count] of Object.entries(more)) totals[reason] = (totals[reason] ?? 0) + count;
};
