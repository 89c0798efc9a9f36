/**
 * How much a problem is worth solving now. `agreement` p is the share of candidates in the chosen cluster, from 0 to
 * 1; `target` τ the difficulty wanted, 0 < τ < 1. The signal is 0 where the model always or never agrees, and 1
 * where p = 1 − τ:
 *
 *     (p / (1 − τ))^(2(1 − τ)) · ((1 − p) / τ)^(2τ)
 *
 * At τ = 0.5 this is 4p(1 − p), the variance of success that “sampling for learnability” draws by (Rutherford et
 * al., arXiv 2408.15099; for language models Foster et al., arXiv 2502.12272), with agreement in the place of
 * success as in R-Zero (Huang et al., arXiv 2508.05004), which has no outside answers either. The exponents move
 * the peak to τ and are ours: of two problems the harder one gains whenever τ rises.
 */
export const learningSignal = (agreement: number, target: number): number => {
  const wanted = 1 - target;
  const signal = (agreement / wanted) ** (2 * wanted) * ((1 - agreement) / target) ** (2 * target);
  // At the peak, a rounding error above it.
  return Math.min(1, signal);
};
