/** Quality over perplexity as a plot that Markdown and a terminal both show. */
import { PERPLEXITY_EDGES, type PerplexityBins, perplexityEdge } from '../selection/perplexity-bins.ts';
import { markdownTable } from './markdown-table.ts';
import type { CampaignReport } from './report.ts';

const BAR = 25;

/** Of the last iteration that knows its candidates’ perplexities. */
export const perplexitySections = ({ iterations }: CampaignReport): string[] => {
  const last = iterations.findLast(({ consensus }) => consensus?.perplexity.candidates.some((n) => n > 0));
  if (!last?.consensus) return [];
  const { perplexity } = last.consensus;
  return [
    `## Success over perplexity, iteration ${last.n}`,
    'Candidates that pass 80 % of the tests kept; the paper sees the break near a perplexity of 1.05.',
    plot(perplexity),
    ...edgeText(perplexity),
  ];
};

const plot = ({ candidates, successful }: PerplexityBins): string => {
  const rows = candidates.flatMap((count, bin) => {
    if (count === 0) return [];
    const share = (successful[bin] ?? 0) / count;
    const filled = Math.round(share * BAR);
    return [
      [
        binName(bin),
        String(count),
        `${(share * 100).toFixed(0)} %`,
        `${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}`,
      ],
    ];
  });
  return markdownTable(['perplexity', 'candidates', 'successful', ''], rows);
};

const binName = (bin: number): string => {
  const lower = bin === 0 ? '1.00' : (PERPLEXITY_EDGES[bin - 1] ?? 1).toFixed(2);
  const upper = PERPLEXITY_EDGES[bin];
  return upper === undefined ? `${lower} and more` : `${lower} to ${upper.toFixed(2)}`;
};

const edgeText = (bins: PerplexityBins): string[] => {
  const edge = perplexityEdge(bins);
  if (!edge) return [];
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return [
    `The edge that parts them best here is ${edge.perplexity}: ${percent(edge.below)} succeed below it, ${percent(edge.above)} above.`,
  ];
};
