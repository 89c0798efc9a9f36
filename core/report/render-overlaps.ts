/** Which solutions were removed because they overlap a benchmark, and how they were compared. */
import type { Overlaps } from '../dataset/find-overlaps.ts';
import type { Overlap } from '../problems/contamination.ts';
import { markdownTable, plain } from './markdown-table.ts';
import type { CampaignReport } from './report.ts';

const FOUND_BY: Readonly<Record<Overlap['by'], string>> = {
  program: 'tokens of the program',
  tree: 'syntax tree',
  '13-gram': '13 words in a row',
};

export const overlapSections = ({ iterations }: CampaignReport): string[] => {
  const compared = iterations.flatMap(({ n, overlaps }) => (overlaps ? [{ n, overlaps }] : []));
  if (compared.length === 0) return [];
  // A cumulative dataset leaves the same solution out again.
  const rows = new Map<string, string[]>();
  for (const { iteration, problemId, overlap } of compared.flatMap(({ overlaps }) => overlaps.removed)) {
    const solution = `${problemId} of iteration ${iteration}`;
    rows.set(solution, [
      solution,
      `${plain(overlap.id)} (${plain(overlap.benchmark)})`,
      FOUND_BY[overlap.by],
    ]);
  }
  return [
    '## Overlap with benchmarks',
    compared.map(({ n, overlaps }) => `- Iteration ${n}: ${comparison(overlaps)}.`).join('\n'),
    ...(rows.size > 0
      ? [
          markdownTable(['removed solution', 'overlaps', 'found by'], [...rows.values()]),
          'Each iteration’s contamination/solutions.jsonl lists all of them.',
        ]
      : []),
  ];
};

const comparison = ({ trees }: Overlaps): string => {
  if (!trees)
    return 'no solution was compared as a syntax tree: no Python was there to read it, or no version that does';
  const { compared, unreadable, references, comparable } = trees;
  return (
    `${compared} solutions compared as syntax trees with ${comparable} of the benchmarks’ ${references}` +
    `, ${unreadable} unreadable; the others by their words and tokens only`
  );
};
