/**
 * The unbiased estimate of pass@k after `correct` of `samples`: 1 − C(n−c, k) / C(n, k), as a product that
 * does not overflow. Source: Chen et al., "Evaluating Large Language Models Trained on Code", 2021
 * (arXiv 2107.03374), §2.1. Thrown: RangeError where k is more than the samples.
 */
export const passAtK = (samples: number, correct: number, k: number): number => {
  if (k > samples) throw new RangeError(`pass@${k} needs at least ${k} samples, not ${samples}.`);
  if (samples - correct < k) return 1;
  let allWrong = 1;
  for (let i = samples - correct + 1; i <= samples; i += 1) allWrong *= 1 - k / i;
  return 1 - allWrong;
};
