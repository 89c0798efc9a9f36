/** How a problem ended, as Markdown for its page in the Temporal UI. */
import { plain } from '../report/markdown-table.ts';
import { countsText } from './detail-lines.ts';

type Counts = Readonly<Record<string, number>>;

export type ProblemDetails = {
  state: string;
  reason?: string;
  tests: { written: number; usable: number; dropped: Counts };
  candidates: { sampled: number; discarded: Counts };
  verdicts: Counts;
  /** Of the chosen cluster; 0 where none was chosen. */
  share: number;
};

export const problemDetails = ({
  state,
  reason,
  tests,
  candidates,
  verdicts,
  share,
}: ProblemDetails): string =>
  [
    `**${state}**${reason ? `: ${plain(reason, 300)}` : ''}`,
    `- Tests ${tests.written}, usable ${tests.usable}; dropped: ${countsText(tests.dropped)}`,
    `- Candidates ${candidates.sampled}; discarded: ${countsText(candidates.discarded)}`,
    `- Verdicts: ${countsText(verdicts)}`,
    ...(share > 0 ? [`- Chosen cluster: ${Math.round(share * 100)} % of the candidates`] : []),
  ].join('\n');
