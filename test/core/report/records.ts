/** A campaign of two iterations as its workflow would have recorded it. */
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import type { Score } from '../../../core/evaluation/score.ts';
import { scoreOf } from '../../../core/evaluation/score-answers.ts';
import { IterationRecord, type IterationWork } from '../../../core/report/iteration-record.ts';
import type { ReportInput } from '../../../core/report/report.ts';

const lines = (passed: number, total: number) =>
  Array.from({ length: total }, (_, i) => ({
    id: `q${i}`,
    passed: i < passed,
    outcomes: { [i < passed ? 'pass' : 'fail']: 1 },
    tokens: 10,
    finish: 'stop' as const,
    code: '',
  }));

export const scoreWith = (passed: number, total: number, base?: number): Score =>
  scoreOf(lines(passed, total), base === undefined ? undefined : lines(base, total));

const bins = (...counts: [number, number][]): number[] => {
  const result = Array.from({ length: 10 }, () => 0);
  for (const [bin, count] of counts) result[bin] = count;
  return result;
};

export const workWith = (changes: Partial<IterationWork> = {}): IterationWork => ({
  from: 'base',
  servedModel: 'smollm2-135m-instruct',
  servedWeightsSha256: null,
  problems: {
    proposed: 20,
    accepted: 12,
    refined: 3,
    duplicates: 2,
    nearDuplicates: 1,
    contaminated: 1,
    discarded: { 'below the threshold': 6 },
    outcomes: { consensus: 6, 'no-consensus': 5, 'too-few-tests': 1 },
    scoreBins: bins([4, 3], [5, 9]),
  },
  judge: { auc: 0.71, low: 0.55, high: 0.85, good: 20, spoilt: 20 },
  tests: { written: 160, usable: 140, dropped: { 'repeats another call': 20 } },
  candidates: { sampled: 96, discarded: { 'no function': 4 }, identicalTexts: 12, executed: 70 },
  verdicts: { pass: 300, fail: 700, error: 120, timeout: 2 },
  shareBins: bins([2, 2], [4, 4]),
  pairs: 5,
  contaminatedPairs: 2,
  heldout: 1,
  datasetUri: 's3://ucoder/campaigns/quickstart/iterations/1/dataset/',
  ...changes,
});

export const recordsOf = (): IterationRecord[] => [
  IterationRecord.parse({
    n: 0,
    validation: { set: 'heldout', score: scoreWith(1, 4) },
    evaluation: [{ set: 'humaneval', score: scoreWith(1, 20) }],
    stages: { serve: { tokens: 0, seconds: 60.25 }, evaluation: { tokens: 200, seconds: 30 } },
  }),
  IterationRecord.parse({
    n: 1,
    work: workWith(),
    training: {
      loss: 0.4123,
      steps: 3,
      examples: 5,
      skipped: 0,
      seconds: 26,
      checkpointUri: 's3://ucoder/campaigns/quickstart/iterations/1/checkpoint/',
      weightsSha256: 'a'.repeat(64),
      fit: { before: -1.25, after: -0.5 },
    },
    validation: { set: 'heldout', score: scoreWith(2, 4, 1) },
    evaluation: [{ set: 'humaneval', score: scoreWith(2, 20, 1) }],
    stages: { propose: { tokens: 900, seconds: 20 }, solve: { tokens: 8100, seconds: 100.5 } },
  }),
  IterationRecord.parse({
    n: 2,
    work: workWith({ from: { iteration: 1 }, servedModel: 'quickstart-iteration-1', pairs: 0 }),
    untrained: 'no problem of this iteration has a consensus',
    evaluation: [],
    stages: { propose: { tokens: 800, seconds: 19 } },
  }),
];

export const inputOf = (changes: Partial<ReportInput> = {}): ReportInput => ({
  config: CampaignConfig.parse({
    name: 'quickstart',
    model: { base: 'smollm2-135m-instruct', prompts: 'small' },
  }),
  state: 'completed',
  records: recordsOf(),
  ended: { best: { n: 1, passAt1: 0.5 }, reason: 'All 2 iterations are done.' },
  ...changes,
});
