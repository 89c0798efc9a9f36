/**
 * Shannon's entropy of a distribution given as counts, in bits ("A Mathematical Theory of Communication",
 * 1948): 0 where all agree, log2(n) where n groups are equally large.
 */
export const entropyBits = (counts: readonly number[]): number => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (const count of counts) {
    if (count > 0 && count < total) bits -= (count / total) * Math.log2(count / total);
  }
  return bits;
};
