/**
 * Two-sided exact p of `gained` against `lost` changes, if both were equally likely. Source: the sign test
 * (Arbuthnott 1710; Dixon and Mood, JASA 41, 1946), which on paired pass/fail answers is McNemar's exact test.
 * Questions that did not change say nothing and do not count. Without any change p is 1.
 */
export const signTest = (gained: number, lost: number): number => {
  const changes = gained + lost;
  const fewer = Math.min(gained, lost);
  // Sums of binomial coefficients overflow beyond 1,000 changes, so they are summed as logarithms.
  let logTerm = -changes * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= fewer; k += 1) {
    logTerm += Math.log((changes - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
};
