/** Tokens and seconds by stage, summed over activities. */
import type { ReasonCounts, StepMeasures } from '../activities/step.ts';

export type StageTotals = Record<string, StepMeasures>;

export const addMeasures = (
  totals: StageTotals,
  stage: string,
  measures: { tokens?: number; seconds: number },
): void => {
  const before = totals[stage] ?? { tokens: 0, seconds: 0 };
  totals[stage] = {
    tokens: before.tokens + (measures.tokens ?? 0),
    seconds: Math.round((before.seconds + measures.seconds) * 1000) / 1000,
  };
};

export const addTotals = (totals: StageTotals, more: StageTotals): void => {
  for (const [stage, measures] of Object.entries(more)) addMeasures(totals, stage, measures);
};

export const addCounts = (totals: ReasonCounts, more: ReasonCounts): void => {
  for (const [reason, count] of Object.entries(more)) totals[reason] = (totals[reason] ?? 0) + count;
};
