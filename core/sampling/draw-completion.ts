/** One way in which the candidates still to come may fall, drawn from the process of predictive-urn.ts. */
import type { PredictiveUrn } from './predictive-urn.ts';

export type Completion = {
  /** Members in the end, by cluster, in the order of the urn's sizes. */
  sizes: number[];
  /** Members of clusters that were not there before. */
  born: number[];
};

export const drawCompletion = (urn: PredictiveUrn, random: () => number): Completion => {
  const { discount, left, weight } = urn;
  const sizes = [...urn.sizes];
  const born: number[] = [];
  let { nowhere, unseen } = urn;
  for (let drawn = 0; drawn < left; drawn += 1) {
    let at = random() * (weight + drawn) - nowhere;
    if (at < 0) {
      nowhere += 1;
      continue;
    }
    at -= unseen;
    if (at < 0) {
      born.push(1);
      unseen += discount;
      continue;
    }
    const joins = (size: number): boolean => {
      at -= size - discount;
      return at < 0;
    };
    const joined = sizes.findIndex(joins);
    if (joined >= 0) sizes[joined] = (sizes[joined] ?? 0) + 1;
    else {
      const young = Math.max(0, born.findIndex(joins));
      // Rounding may leave a rest of nothing where no cluster is young.
      if (born.length > 0) born[young] = (born[young] ?? 0) + 1;
      else nowhere += 1;
    }
  }
  return { sizes, born };
};
