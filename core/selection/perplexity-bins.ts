/**
 * Quality over perplexity, candidate by candidate: the paper finds that 80 % success and more lies below a
 * perplexity of about 1.05 (arXiv 2512.17385). Counted in bins, so that a report needs no candidate.
 */
import { z } from 'zod';
import { leastCount } from '../statistics/least-count.ts';
import type { Population } from './population.ts';

/** Upper edges, fine where the paper’s break lies; the last bin has none. */
export const PERPLEXITY_EDGES = [
  1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.08, 1.1, 1.15, 1.2, 1.3, 1.5, 2,
] as const;

/** Share of the kept tests from which a candidate counts as a success. */
const SUCCESS = 0.8;

const counts = z.array(z.int().min(0)).length(PERPLEXITY_EDGES.length + 1);

export const PerplexityBins = z.object({
  candidates: counts.describe('Candidates by their perplexity.'),
  successful: counts.describe('Those of them that pass 80 % of the tests kept.'),
});
export type PerplexityBins = z.infer<typeof PerplexityBins>;

export const emptyPerplexityBins = (): PerplexityBins => ({
  candidates: [...PERPLEXITY_EDGES.map(() => 0), 0],
  successful: [...PERPLEXITY_EDGES.map(() => 0), 0],
});

/** Candidates whose perplexity is not known are left out. */
export const perplexityBins = ({ candidates, kept }: Population): PerplexityBins => {
  const bins = emptyPerplexityBins();
  const least = leastCount(SUCCESS, kept.length);
  for (const { perplexity, passed } of candidates) {
    if (perplexity === undefined) continue;
    const found = PERPLEXITY_EDGES.findIndex((edge) => perplexity < edge);
    const bin = found < 0 ? PERPLEXITY_EDGES.length : found;
    bins.candidates[bin] = (bins.candidates[bin] ?? 0) + 1;
    if (passed >= least) bins.successful[bin] = (bins.successful[bin] ?? 0) + 1;
  }
  return bins;
};

export const addPerplexityBins = (total: PerplexityBins, more: PerplexityBins): void => {
  for (const field of ['candidates', 'successful'] as const)
    for (const [bin, count] of more[field].entries()) total[field][bin] = (total[field][bin] ?? 0) + count;
};

export type PerplexityEdge = { perplexity: number; below: number; above: number };

/**
 * The edge that parts successes from the rest best: highest J = sensitivity + specificity − 1 (Youden, "Index for
 * rating diagnostic tests", Cancer 3, 1950). Undefined where there are no successes, or nothing else.
 */
export const perplexityEdge = ({ candidates, successful }: PerplexityBins): PerplexityEdge | undefined => {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [all, good] = [sum(candidates), sum(successful)];
  if (good === 0 || good === all) return undefined;
  let best: (PerplexityEdge & { j: number }) | undefined;
  for (const [bin, perplexity] of PERPLEXITY_EDGES.entries()) {
    const [n, k] = [sum(candidates.slice(0, bin + 1)), sum(successful.slice(0, bin + 1))];
    if (n === 0 || n === all) continue;
    const j = k / good - (n - k) / (all - good);
    if (best === undefined || j > best.j)
      best = { perplexity, below: k / n, above: (good - k) / (all - n), j };
  }
  return best && { perplexity: best.perplexity, below: best.below, above: best.above };
};
