/**
 * The smallest count of `total` that is not below `share` of it, with the share taken as the decimal number
 * that a person typed: 0.8 of 100 is 80, although the float 0.8 is a little more than four fifths. Every
 * comparison with a threshold goes through here, so that no rounding decides. 0 of 0 is a share of 0.
 */
export const leastCount = (share: number, total: number): number => {
  if (total === 0) return share > 0 ? 1 : 0;
  // The shortest decimal that names this float, which is what was typed: 0.8, 1e-7.
  const [mantissa = '0', exponent = '0'] = String(share).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, -decimals));
  const scale = 10n ** BigInt(Math.max(0, decimals));
  return Number((digits * BigInt(total) + scale - 1n) / scale);
};
