/** The beta-binomial distribution: draws of one kind among `draws` from a Pólya urn with weights a and b. */

/** log Γ(x) for x > 0: Stirling’s series after shifting x above 8 (Abramowitz and Stegun, 6.1.15 and 6.1.41). */
const logGamma = (x: number): number => {
  let shift = 0;
  let y = x;
  while (y < 8) {
    shift -= Math.log(y);
    y += 1;
  }
  const square = y * y;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / y;
  return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series;
};

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Probabilities of 0, 1, …, `draws`; both weights are above 0. */
export const betaBinomial = (draws: number, a: number, b: number): number[] => {
  const norm = logBeta(a, b);
  const probabilities = [Math.exp(logBeta(a, draws + b) - norm)];
  // C(n,k+1)·B(a+k+1,b+n−k−1) over the one before is (n−k)(a+k) / ((k+1)(b+n−k−1)).
  for (let k = 0; k < draws; k += 1) {
    const ratio = ((draws - k) * (a + k)) / ((k + 1) * (b + draws - k - 1));
    probabilities.push((probabilities[k] ?? 0) * ratio);
  }
  return probabilities;
};
