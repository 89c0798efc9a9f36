/** Reports of campaigns in which hardly anything went as it should, and of names that were not meant for Markdown. */
import { describe, expect, it } from 'vitest';
import type { IterationRecord } from '../../../core/report/iteration-record.ts';
import { plain } from '../../../core/report/markdown-table.ts';
import { renderMarkdown } from '../../../core/report/render-markdown.ts';
import { buildReport, CampaignReport } from '../../../core/report/report.ts';
import { summariseConsensus } from '../../../core/selection/consensus-summary.ts';
import { selectToStore } from '../../../core/selection/stored-selection.ts';
import { matrixOf } from '../selection/matrix-of.ts';
import { policyWith } from '../selection/policy.ts';
import { inputOf, scoreWith, workWith } from './records.ts';

const markdownOf = (changes: Partial<IterationRecord>): string => {
  const records = [{ n: 1, evaluation: [], stages: {}, ...changes }];
  const report = CampaignReport.parse(
    buildReport(inputOf({ records, ended: { best: { n: 0, passAt1: null }, reason: 'done' } })),
  );
  return renderMarkdown(report);
};
const nothing = Array.from({ length: 10 }, () => 0);
const consensusOf = (...matrices: Parameters<typeof matrixOf>[0][]) =>
  summariseConsensus(matrices.map((rows) => selectToStore(matrixOf(rows), policyWith())));
const sectionOf = (text: string, title: string): string =>
  text.split(`## ${title}`)[1]?.split('\n## ')[0] ?? '';

describe('a report of a campaign that selected nothing', () => {
  const text = markdownOf({
    work: workWith({
      ...{ consensus: consensusOf({ a: 'ee', b: 'ee' }, { a: 'ff', b: 'ff' }, {}) },
      ...{ shareBins: nothing, pairs: 0, heldout: 0, contaminatedPairs: 0, datasetUri: null },
      problems: { ...workWith().problems, accepted: 3, outcomes: { 'no-consensus': 3 } },
    }),
    untrained: 'no problem of this iteration has a consensus',
  });

  it('says that there was none, not nothing', () => {
    expect(text).toMatch(/\| with consensus +\| +0 \|/);
    expect(text).toMatch(/\| pairs in dataset +\| +0 \|/);
    expect(text).toContain('Iteration 1 trained nothing: no problem of this iteration has a consensus.');
    expect(text).toContain('(not validated)');
  });

  it('shows tests of which none is worth anything', () => {
    const health = sectionOf(text, 'Health of the consensus');
    // All dropped, all failed, and a problem without tests.
    expect(health).toMatch(/\| degenerate tests +\| +67 % \|/);
    expect(sectionOf(text, 'The tests, judged by the candidates')).toMatch(/\| none passes +\| +2 \|/);
    expect(sectionOf(text, 'Refused clusters, by rule')).toMatch(/\| some-pass +\| +1 \|/);
  });

  it('holds no number that is none', () => {
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
  });
});

describe('a report of a campaign that asked nothing', () => {
  it('shows no score of no question, and compares nothing with it', () => {
    const empty = { set: 'heldout', score: scoreWith(0, 0) };
    const records = [
      { n: 0, evaluation: [], stages: {}, validation: empty },
      { n: 1, evaluation: [], stages: {}, validation: { set: 'heldout', score: scoreWith(1, 4) } },
    ];
    const text = renderMarkdown(buildReport(inputOf({ records })));
    expect(text).toMatch(/\| 0 \(base\) +\| +- \| 0 of 0 \| +\| +\| +\| +\| +\| +\|/);
    expect(text).toMatch(/\| 1 \(best\) +\| 25\.0 % \| 1 of 4 \| \S+ % to \S+ % \| +\| +\| +\| +\| +\|/);
  });

  it('renders no problem, no test and no candidate at all', () => {
    const text = markdownOf({
      work: workWith({
        ...{ verdicts: {}, shareBins: nothing, consensus: summariseConsensus([]), pairs: 0 },
        problems: { ...workWith().problems, proposed: 0, accepted: 0, outcomes: {}, scoreBins: nothing },
        tests: { written: 0, usable: 0, dropped: {} },
        candidates: { sampled: 0, discarded: {}, identicalTexts: 0, executed: 0 },
      }),
    });
    expect(text).toMatch(/\| problems accepted +\| +0 \|/);
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
  });
});

describe('success over perplexity', () => {
  const plotOf = (rows: Parameters<typeof matrixOf>[0]): string =>
    sectionOf(markdownOf({ work: workWith({ consensus: consensusOf(rows) }) }), 'Success over perplexity');

  it('is left out where no perplexity is known', () => {
    expect(plotOf({ a: 'pp', b: 'pp' })).toBe('');
  });

  it('shows one candidate, and finds no edge in it', () => {
    const plot = plotOf({ a: { bits: 'pp', perplexity: 1.02 } });
    expect(plot).toMatch(/\| 1\.02 to 1\.03 \| +1 \| +100 % \| #{25} \|/);
    expect(plot).not.toContain('edge');
  });

  it('finds no edge among candidates that are all alike', () => {
    const plot = plotOf({ a: { bits: 'pp', perplexity: 1.05 }, b: { bits: 'ff', perplexity: 1.05 } });
    expect(plot).toMatch(/\| 1\.05 to 1\.06 \| +2 \| +50 % \| #{13}\.{12} \|/);
    expect(plot).not.toContain('edge');
  });
});

describe('names in a report', () => {
  const hostile = 'a|b `c` <img src=x> ~~d~~ &lt;script&gt;\n# H\u2028- e\u200b\u202e';

  it('are one cell of one row, and what they look like', () => {
    const counts = { [hostile]: 1 };
    const text = markdownOf({
      ...{ stages: { [hostile]: { tokens: 1, seconds: 1 } }, untrained: hostile },
      evaluation: [{ set: hostile, score: scoreWith(1, 2) }],
      work: workWith({
        problems: { ...workWith().problems, discarded: counts, outcomes: counts },
        tests: { written: 1, usable: 0, dropped: counts },
        candidates: { sampled: 1, discarded: counts, identicalTexts: 0, executed: 1 },
        verdicts: counts,
      }),
    });
    expect(text).not.toMatch(/(?<!\\)(?:[<`~]|&lt;)|\n# H|[\u2028\u200b\u202e]/);
    for (const line of text.split('\n').filter((each) => each.startsWith('|'))) {
      const cells = line.match(/(?<!\\)\|/g)?.length ?? 0;
      expect([3, 4, 10]).toContain(cells);
    }
  });

  it('are cut between characters', () => {
    expect(plain('😀'.repeat(5), 3)).toBe('😀😀…');
    expect(plain('😀'.repeat(3), 3)).toBe('😀😀😀');
    expect(plain('R&D and A & B; &amp;')).toBe('R&D and A & B; \\&amp;');
  });
});
