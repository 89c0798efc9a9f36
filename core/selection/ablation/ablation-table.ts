import { markdownTable } from '../../report/markdown-table.ts';
import type { Ablation } from './ablate.ts';

/** One line a strategy, in Markdown that a terminal of 100 columns shows as well. */
export const ablationTable = (ablation: Ablation): string => {
  const { problems, candidates, tokens, decided, comparedWith, strategies } = ablation;
  const share = (part: number) => (problems === 0 ? '-' : `${((100 * part) / problems).toFixed(0)} %`);
  const rows = strategies.map((row) => [
    row.strategy,
    `${row.decided}`,
    share(row.agreed),
    `${row.pairs}`,
    `${row.candidatesNeeded}`,
    row.tokensNeeded === null ? '-' : `${row.tokensNeeded}`,
  ]);
  const head = ['strategy', 'decided', 'agrees', 'pairs', 'candidates needed', 'tokens needed'];
  const sampled =
    tokens === null ? `${candidates} candidates` : `${candidates} candidates of ${tokens} tokens`;
  return [
    markdownTable(head, rows),
    `${problems} problems with ${sampled}; compared with ${comparedWith}, which decided ${decided}.`,
    '',
  ].join('\n');
};
