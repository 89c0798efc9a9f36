import { describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { renderMarkdown } from '../../../core/report/render-markdown.ts';
import { buildReport } from '../../../core/report/report.ts';
import { inputOf, recordsOf, workWith } from './records.ts';

const config = CampaignConfig.parse({
  ...{ name: 'quickstart', model: { base: 'smollm2-135m-instruct' } },
  evaluation: [{ benchmark: 'humaneval' }],
});
const removed = [
  {
    ...{ iteration: 1, problemId: 'p0003' },
    overlap: { benchmark: 'humaneval', id: 'HumanEval/0', by: 'tree' as const },
  },
];
const trees = { compared: 40, unreadable: 1, references: 164, comparable: 140 };

const sectionOf = (markdown: string): string => /## Overlap with benchmarks\n[^#]*/.exec(markdown)?.[0] ?? '';

describe('the report', () => {
  it('lists each removed solution once, with the task that it overlaps and how that was found', () => {
    const records = recordsOf().map((record) =>
      record.work ? { ...record, work: workWith({ overlaps: { removed, trees } }) } : record,
    );
    const section = sectionOf(renderMarkdown(buildReport(inputOf({ config, records }))));
    expect(section).toContain(
      'Iteration 1: 40 solutions compared as syntax trees with 140 of the benchmarks’ 164',
    );
    expect(section).toContain('Iteration 2: 40 solutions');
    expect(section.match(/p0003 of iteration 1 .* HumanEval\/0 \(humaneval\) .* syntax tree/g)).toHaveLength(
      1,
    );
  });

  it('says where trees were not compared, and nothing where there is no benchmark', () => {
    const report = buildReport(inputOf({ config }));
    expect(report.iterations.map(({ overlaps }) => overlaps)).toEqual([
      undefined,
      ...[1, 2].map(() => ({ removed: [], trees: null })),
    ]);
    expect(sectionOf(renderMarkdown(report))).toContain(
      'Iteration 1: no solution was compared as a syntax tree',
    );
    expect(sectionOf(renderMarkdown(buildReport(inputOf())))).toBe('');
  });
});
