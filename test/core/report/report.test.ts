import { describe, expect, it } from 'vitest';
import { operationsDocument, resultDocument } from '../../../core/report/campaign-documents.ts';
import { markdownTable, plain } from '../../../core/report/markdown-table.ts';
import { renderMarkdown } from '../../../core/report/render-markdown.ts';
import { buildReport, CampaignReport } from '../../../core/report/report.ts';
import { inputOf, recordsOf, workWith } from './records.ts';

describe('buildReport', () => {
  it('has the fields of the contract', () => {
    const report = CampaignReport.parse(buildReport(inputOf()));
    expect(report).toMatchObject({
      id: 'quickstart',
      state: 'completed',
      iterations: [
        { n: 0, passAt1: 0.25 },
        {
          n: 1,
          problems: { proposed: 20, accepted: 12, withConsensus: 6 },
          tests: 140,
          candidates: 96,
          pairs: 5,
          tokens: 9000,
          seconds: { propose: 20, solve: 100.5 },
          training: { loss: 0.4123 },
          passAt1: 0.5,
          datasetUri: 's3://ucoder/campaigns/quickstart/iterations/1/dataset/',
          checkpointUri: 's3://ucoder/campaigns/quickstart/iterations/1/checkpoint/',
        },
        { n: 2, passAt1: null, checkpointUri: null },
      ],
      best: { n: 1, passAt1: 0.5 },
    });
  });

  it('survives JSON unchanged', () => {
    const report = buildReport(inputOf());
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('names the best so far while the campaign runs', () => {
    const report = buildReport(inputOf({ state: 'running', ended: null }));
    expect(report.best).toEqual({ n: 1, passAt1: 0.5 });
    expect(buildReport(inputOf({ records: [], ended: null })).best).toEqual({ n: 0, passAt1: null });
  });

  it('takes no iteration for the best that was given up, and says which those are', () => {
    const input = inputOf({ state: 'running', ended: null, rollback: { to: 0, since: 1 } });
    const report = CampaignReport.parse(buildReport(input));
    expect(report.best).toEqual({ n: 0, passAt1: 0.25 });
    expect(report.iterations.map(({ givenUp }) => givenUp ?? false)).toEqual([false, true, false]);
    expect(resultDocument(input).best).toEqual(report.best);
    expect(renderMarkdown(report)).toMatch(/\| 1 \(given up\) +\| +50\.0 % .* \| +\+25\.0 \| +\+25\.0 \|/);
    expect(buildReport(inputOf({ ended: null, rollback: null })).best.n).toBe(1);
  });

  it('counts gained and lost against the base', () => {
    const [, first] = buildReport(inputOf()).iterations;
    expect(first?.validation?.againstBase).toEqual({ gained: 1, lost: 0, p: 1 });
  });

  it('warns where the judge’s interval holds 0.5', () => {
    const judge = { auc: 0.6, low: 0.45, high: 0.75, good: 20, spoilt: 20 };
    const records = [{ ...recordsOf()[1], n: 1, evaluation: [], stages: {}, work: workWith({ judge }) }];
    const report = buildReport(inputOf({ records }));
    expect(report.iterations[0]?.judge?.warning).toMatch(/no better than a coin/);
    expect(report.alarms.map(({ alarm }) => alarm)).toContain('judge-blind');
  });

  it('warns where the judge prefers what is spoilt', () => {
    const judge = { auc: 0.2, low: 0.1, high: 0.3, good: 20, spoilt: 20 };
    const records = [{ n: 1, evaluation: [], stages: {}, work: workWith({ judge }) }];
    const report = buildReport(inputOf({ records }));
    expect(report.iterations[0]?.judge?.warning).toMatch(/takes spoilt problems for better/);
    expect(report.alarms).toMatchObject([
      { alarm: 'judge-blind', message: expect.stringContaining('worse than') },
    ]);
  });

  it('lists each look at a benchmark, and none at the campaign’s own set', () => {
    expect(buildReport(inputOf()).benchmarkLooks).toEqual([
      { iteration: 0, benchmark: 'humaneval', as: 'evaluation', questions: 20, passed: 1 },
      { iteration: 1, benchmark: 'humaneval', as: 'evaluation', questions: 20, passed: 2 },
    ]);
  });

  it('counts candidates that took the results of an equal program of an earlier round', () => {
    const { candidates } = workWith();
    const work = workWith({ candidates: { ...candidates, shared: 9 } });
    const report = buildReport(inputOf({ records: [{ n: 1, work, evaluation: [], stages: {} }] }));
    expect(report.iterations[0]).toMatchObject({ programsExecuted: 70, candidatesShared: 9 });
    expect(renderMarkdown(report)).toMatch(/equal to one of an earlier round.* 9 /);
  });
});

describe('the curriculum in the report', () => {
  const curriculum = {
    ...{
      target: 0.4,
      measuredBefore: 30,
      judge: { slope: 0.5, trust: 0.25, pairs: 30 },
      weight: 1,
      quota: 48,
    },
    ...{ accepted: 47, measured: 40, decided: 31, agreement: 0.55, expectedDifficulty: 0.42, topicCount: 72 },
    topics: [
      {
        ...{ domain: 'basic-algorithm' as const, topic: 'sum | of a list', difficulty: 0.5, weight: 0.0312 },
        ...{ quota: 2, accepted: 2, measured: 1, decided: 1, agreement: 0.75 },
      },
      {
        ...{ domain: 'tool-usage' as const, topic: 'CSV', difficulty: 0.4, weight: 0.02 },
        ...{ quota: 1, accepted: 0, measured: 0, decided: 0, agreement: null },
      },
    ],
  };
  const records = [{ n: 1, work: workWith({ curriculum }), evaluation: [], stages: {} }];
  const report = buildReport(inputOf({ records }));

  it('shows what each iteration planned and what came of it', () => {
    expect(CampaignReport.parse(report).iterations[0]?.curriculum).toEqual(curriculum);
    const text = renderMarkdown(report);
    expect(text).toMatch(
      /\| 1 +\| +0\.40 +\| +0\.42 +\| +0\.45 +\| +48 +\| +47 +\| +31 +\| +30 +\| +0\.25 \|/,
    );
    expect(text).toContain('Iteration 1, the 2 topics with the greatest weight of 72:');
    expect(text).toMatch(/sum \\\| of a list +\| +3\.1 % +\| +2 +\| +2 +\| +1 +\| +0\.50 +\| +0\.25 \|/);
    expect(text).toMatch(/\| CSV +\| +2\.0 % +\| +1 +\| +0 +\| +0 +\| +0\.40 +\| +- \|/);
    for (const line of text.split('\n').filter((each) => each.startsWith('|')))
      expect(line.length).toBeLessThanOrEqual(100);
  });

  it('says nothing where there is none', () => {
    expect(renderMarkdown(buildReport(inputOf()))).not.toContain('Curriculum');
  });
});

describe('the result document', () => {
  it('does not change with times, and says where everything lies', () => {
    const slower = recordsOf().map((record) => ({
      ...record,
      stages: Object.fromEntries(
        Object.entries(record.stages).map(([stage, { tokens, seconds }]) => [
          stage,
          { tokens, seconds: seconds * 3 },
        ]),
      ),
      ...(record.training ? { training: { ...record.training, seconds: 999 } } : {}),
    }));
    const document = resultDocument(inputOf());
    expect(resultDocument(inputOf({ records: slower }))).toEqual(document);
    const taken = workWith();
    const { executed } = taken.candidates;
    const again = { ...taken, candidates: { ...taken.candidates, executed: executed + 9, shared: 4 } };
    const worked = (work: typeof taken) =>
      resultDocument(inputOf({ records: [{ n: 1, work, evaluation: [], stages: {} }] }));
    expect(worked(again)).toEqual(worked(taken));
    expect(JSON.stringify(document)).not.toContain('econds');
    expect(document.iterations[1]?.objects).toMatchObject({
      selections: 'campaigns/quickstart/iterations/1/selections.jsonl',
      evaluation: ['campaigns/quickstart/iterations/1/evaluation/humaneval.jsonl'],
    });
  });

  it('leaves times and audit lines to the operations document', () => {
    const document = operationsDocument({ ...inputOf(), faults: [] });
    expect(document.iterations[0]).toEqual({
      n: 0,
      seconds: { serve: 60.25, evaluation: 30 },
      trainingSeconds: null,
      programsRun: null,
    });
    expect(document.iterations[1]?.programsRun).toBeGreaterThan(0);
    expect(document.audit).toHaveLength(2);
    expect(document.audit[0]).toMatchObject({ kind: 'benchmark-look', benchmark: 'humaneval' });
  });
});

describe('renderMarkdown', () => {
  it('fits a terminal of 100 columns', () => {
    const text = renderMarkdown(buildReport(inputOf({ ui: 'http://127.0.0.1:8233/x' })));
    const long = text.split('\n').filter((line) => line.length > 100 && !line.startsWith('- Iteration'));
    expect(long).toEqual([]);
  });

  it('shows scores against the base and what each iteration made', () => {
    const text = renderMarkdown(buildReport(inputOf()));
    expect(text).toMatch(/\| 0 \(base\) +\| +25\.0 % \| +1 of 4 \| .* \| +\| +−25\.0 \| +\| +\| +\|/);
    expect(text).toMatch(
      /\| 1 \(best\) +\| +50\.0 % \| +2 of 4 \| .* \| +\+25\.0 \| +\| +1 \| +0 \| 1\.000 \|/,
    );
    expect(text).toMatch(/\| with consensus +\| +6 \| +6 \|/);
    expect(text).toMatch(/\| training loss +\| +0\.4123 \| +- \|/);
    expect(text).toContain('Iteration 2 trained nothing: no problem of this iteration has a consensus.');
    expect(text).toContain('- Iteration 1, dataset: s3://ucoder/campaigns/quickstart/iterations/1/dataset/');
  });

  it('shows no text of a model as Markdown, HTML or control characters', () => {
    const problems = {
      ...workWith().problems,
      discarded: { '<img src=x> | **bold**\u001b[31m\nnew line': 1 },
    };
    const records = [{ n: 1, work: workWith({ problems }), evaluation: [], stages: {} }];
    const text = renderMarkdown(buildReport(inputOf({ records })));
    expect(text).not.toMatch(/(?<!\\)<img|\*\*bold/);
    expect(text).not.toContain('\u001b');
    const lines = text.split('\n').filter((line) => line.includes('img src'));
    expect(lines).toHaveLength(1);
  });

  it('renders a campaign that has only begun', () => {
    expect(renderMarkdown(buildReport(inputOf({ state: 'running', records: [], ended: null })))).toContain(
      '# Campaign quickstart: running',
    );
  });
});

describe('markdownTable', () => {
  it('pads every column to its widest cell', () => {
    expect(
      markdownTable(
        ['name', 'n'],
        [
          ['a', '1'],
          ['long name', '100'],
        ],
      ),
    ).toBe('| name      |   n |\n| --------- | --: |\n| a         |   1 |\n| long name | 100 |\n');
  });

  it('keeps foreign text to one line of a bounded length', () => {
    expect(plain('a\nb|c')).toBe('a b\\|c');
    expect(plain('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});
