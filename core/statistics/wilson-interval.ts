/** The 97.5 % quantile of the standard normal distribution: two-sided 95 %. */
const Z_95 = 1.959963984540054;

export type Interval = { low: number; high: number };

/**
 * The 95 % interval of a proportion after `passed` of `total` trials. Source: Wilson, "Probable inference, the
 * law of succession, and statistical inference", JASA 22 (1927). Unlike mean ± deviation it holds near 0 and 1,
 * where small models live. Without trials nothing is known: [0, 1].
 */
export const wilsonInterval = (passed: number, total: number, z: number = Z_95): Interval => {
  if (total === 0) return { low: 0, high: 1 };
  const share = passed / total;
  const spread = z * z;
  const centre = share + spread / (2 * total);
  const halfWidth = z * Math.sqrt((share * (1 - share)) / total + spread / (4 * total * total));
  const scale = 1 + spread / total;
  return {
    low: passed === 0 ? 0 : Math.max(0, (centre - halfWidth) / scale),
    high: passed === total ? 1 : Math.min(1, (centre + halfWidth) / scale),
  };
};
