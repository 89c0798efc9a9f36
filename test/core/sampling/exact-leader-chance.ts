/** The chance of LeaderChance, cubic and without bounds or circles: a product of series for each size of the leader. */
import { type PredictiveUrn, sizeClasses } from '../../../core/sampling/predictive-urn.ts';
import { negativeBinomial, powerOf, productOf, type Series } from '../../../core/statistics/power-series.ts';

export const exactLeaderChance = (urn: PredictiveUrn, needed: number): number => {
  const { left, weight, nowhere, discount } = urn;
  const [leader = 0, ...rivals] = urn.sizes;
  const ratio = left / (left + weight);
  const upTo = (cap: number): Series => {
    let others = productOf(negativeBinomial(nowhere, ratio, left), urn.bornUpTo(cap, ratio), left);
    for (const { size, count } of sizeClasses(rivals)) {
      if (size > cap) return new Float64Array(left + 1);
      const growth = negativeBinomial(size - discount, ratio, Math.min(cap - size, left));
      others = productOf(others, powerOf(growth, count, left), left);
    }
    return others;
  };
  const growth = negativeBinomial(leader - discount, ratio, left);
  let chance = 0;
  for (let grown = Math.max(0, needed - leader); grown <= left; grown += 1)
    chance += (growth[grown] ?? 0) * (upTo(leader + grown - 1)[left - grown] ?? 0);
  return chance / (negativeBinomial(weight, ratio, left)[left] ?? 0);
};
