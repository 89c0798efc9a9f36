/**
 * How many of `count` problems each topic gets: systematic sampling, which gives each its exact share in
 * expectation and rounds it up or down by less than one (Madow, 1949; "stochastic universal sampling", Baker,
 * 1987). `weights` sum to 1; `offset` in [0, 1) is the only chance in it. The quotas sum to `count`.
 */
export const topicQuotas = (weights: readonly number[], count: number, offset: number): number[] => {
  let sum = 0;
  let before = 0;
  return weights.map((weight, index) => {
    sum += weight;
    const upTo = index === weights.length - 1 ? count : Math.min(count, Math.ceil(count * sum - offset));
    // Neither a sum that rounds below zero nor −0.
    const reached = Math.max(before, upTo, 0);
    const quota = reached - before;
    before = reached;
    return quota;
  });
};
