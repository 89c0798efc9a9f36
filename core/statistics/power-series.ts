/** Power series up to a degree, as arrays of coefficients: how sums of independent counts are distributed. */

export type Series = Float64Array;

/** Only the coefficients up to `degree`. */
export const productOf = (a: Series, b: Series, degree: number): Series => {
  const product = new Float64Array(degree + 1);
  const last = Math.min(degree, a.length - 1);
  for (let i = 0; i <= last; i += 1) {
    const factor = a[i] ?? 0;
    if (factor === 0) continue;
    const end = Math.min(degree - i, b.length - 1);
    for (let j = 0; j <= end; j += 1) product[i + j] = (product[i + j] ?? 0) + factor * (b[j] ?? 0);
  }
  return product;
};

/** `series` times itself, `exponent` ≥ 1 times over, up to `degree`. */
export const powerOf = (series: Series, exponent: number, degree: number): Series => {
  let power: Series | undefined;
  let square = series;
  for (let rest = exponent; ; square = productOf(square, square, degree)) {
    if (rest % 2 === 1) power = power ? productOf(power, square, degree) : square;
    rest = Math.floor(rest / 2);
    if (rest === 0) return power ?? square;
  }
};

/**
 * The negative binomial distribution as a series, Γ(w + x) / (Γ(w)·x!)·rˣ·(1 − r)^w for x from 0 to `degree`, with
 * weight w ≥ 0 and ratio r from 0 to below 1 (Johnson, Kemp and Kotz, "Univariate Discrete Distributions", 2005, ch. 5).
 */
export const negativeBinomial = (weight: number, ratio: number, degree: number): Series => {
  const chances = new Float64Array(degree + 1);
  // The first ones may be too small for a float where later ones are not.
  let logarithm = weight * Math.log1p(-ratio);
  for (let x = 0; x <= degree; x += 1) {
    chances[x] = Math.exp(logarithm);
    logarithm += Math.log((ratio * (weight + x)) / (x + 1));
  }
  return chances;
};
