/** How well a score tells good from spoilt: the area under the ROC curve, with its interval. */

export type AreaUnderCurve = { auc: number; low: number; high: number };

/** Two-sided 95 % point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * The chance that a good one scores above a spoilt one, equal scores counting half (Mann and Whitney), with
 * the 95 % interval of Hanley and McNeil, "The meaning and use of the area under a receiver operating
 * characteristic (ROC) curve", Radiology 143 (1982), cut to 0…1. Without both kinds it is 0.5, from 0 to 1.
 */
export const areaUnderCurve = (good: readonly number[], spoilt: readonly number[]): AreaUnderCurve => {
  if (good.length === 0 || spoilt.length === 0) return { auc: 0.5, low: 0, high: 1 };
  const sorted = [...spoilt].sort((a, b) => a - b);
  let wins = 0;
  for (const score of good) {
    const below = lowerBound(sorted, (value) => value < score);
    const notAbove = lowerBound(sorted, (value) => value <= score);
    wins += below + (notAbove - below) / 2;
  }
  const auc = wins / (good.length * spoilt.length);
  const twoGood = auc / (2 - auc);
  const twoSpoilt = (2 * auc * auc) / (1 + auc);
  const variance =
    (auc * (1 - auc) +
      (good.length - 1) * (twoGood - auc * auc) +
      (spoilt.length - 1) * (twoSpoilt - auc * auc)) /
    (good.length * spoilt.length);
  const half = Z * Math.sqrt(Math.max(0, variance));
  return { auc, low: Math.max(0, auc - half), high: Math.min(1, auc + half) };
};

/** How many leading values satisfy the condition, which holds for a prefix. */
const lowerBound = (sorted: readonly number[], holds: (value: number) => boolean): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? Number.POSITIVE_INFINITY)) low = middle + 1;
    else high = middle;
  }
  return low;
};
