import { describe, expect, it } from 'vitest';
import { WatchConfig } from '../../../core/config/campaign-config.ts';
import { findAlarms } from '../../../core/report/alarms.ts';
import { renderMarkdown } from '../../../core/report/render-markdown.ts';
import { buildReport, CampaignReport } from '../../../core/report/report.ts';
import { type ConsensusSummary, summariseConsensus } from '../../../core/selection/consensus-summary.ts';
import { emptyPerplexityBins } from '../../../core/selection/perplexity-bins.ts';
import { inputOf, workWith } from './records.ts';

const summary = (changes: Partial<ConsensusSummary> = {}): ConsensusSummary => ({
  ...summariseConsensus([]),
  problems: 10,
  decided: 6,
  largestShare: 0.42,
  entropyBits: 1.5,
  tests: { kept: 90, informative: 60, allPass: 10, allFail: 20, dropped: 7, flaky: 2, contradicted: 33 },
  refusedClusters: { 'varied-answers': 4 },
  notEvaluated: { 'empty-body': 3 },
  ...changes,
});

const recordWith = (consensus: ConsensusSummary) => ({
  n: 1,
  evaluation: [],
  stages: {},
  work: workWith({ consensus }),
});

describe('the report of a consensus', () => {
  it('shows its health, what the tests were worth, and what the rules refused', () => {
    const report = buildReport(inputOf({ records: [recordWith(summary())] }));
    expect(CampaignReport.parse(report).iterations[0]?.consensus?.decided).toBe(6);
    const text = renderMarkdown(report);
    expect(text).toMatch(/largest cluster \(mean share\) \| +42 %/);
    expect(text).toMatch(/expected value contradicted \| +33/);
    expect(text).toMatch(/varied-answers \| +4/);
    expect(text).toMatch(/empty-body \| +3/);
    expect(text).not.toContain('Success over perplexity');
  });

  it('plots success over perplexity, with the edge that parts them best', () => {
    const perplexity = emptyPerplexityBins();
    perplexity.candidates.splice(2, 4, 100, 50, 50, 40);
    perplexity.successful.splice(2, 4, 90, 45, 40, 4);
    const text = renderMarkdown(buildReport(inputOf({ records: [recordWith(summary({ perplexity }))] })));
    expect(text).toContain('## Success over perplexity, iteration 1');
    expect(text).toMatch(/1\.02 to 1\.03 \| +100 \| +90 % \| #{23}\.{2} \|/);
    expect(text).toContain('is 1.05: 88 % succeed below it, 10 % above.');
  });

  it('raises an alarm where half of the chosen clusters are one text', () => {
    const alarmsWith = (oneTextClusters: number) =>
      findAlarms([recordWith(summary({ oneTextClusters }))], WatchConfig.parse({})).map(({ alarm }) => alarm);
    expect(alarmsWith(3)).toContain('one-text-clusters');
    expect(alarmsWith(2)).not.toContain('one-text-clusters');
  });
});
