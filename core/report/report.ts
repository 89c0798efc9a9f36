/** What `ucoder report --json` prints: docs/contracts.md states the fields that stay, the rest is for people. */
import { z } from 'zod';
import type { BestIteration } from '../campaign/decide-next.ts';
import { isGivenUp, type Rollback } from '../campaign/rollback.ts';
import { benchmarksOf, type CampaignConfig } from '../config/campaign-config.ts';
import { Overlaps } from '../dataset/find-overlaps.ts';
import { Score } from '../evaluation/score.ts';
import { CurriculumRecord } from '../problems/curriculum/curriculum-record.ts';
import { ConsensusSummary } from '../selection/consensus-summary.ts';
import { DiversitySummary } from '../selection/diversity.ts';
import { AuditLine } from '../steering/audit.ts';
import { ReviewCounts } from '../steering/review.ts';
import { Alarm, findAlarms } from './alarms.ts';
import { BenchmarkLook, benchmarkLooks } from './benchmark-looks.ts';
import { bestSoFar } from './best-so-far.ts';
import { type IterationRecord, JudgeCalibration } from './iteration-record.ts';

export const CAMPAIGN_STATES = ['running', 'paused', 'completed', 'stopped', 'failed'] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

const counts = z.record(z.string(), z.number());
const passAt1 = z
  .number()
  .nullable()
  .describe('Validation’s pass@1, which decides; null where nothing was validated.');
const scored = Score.extend({ set: z.string() });

export const ReportedIteration = z.object({
  n: z.int().min(0),
  passAt1,
  validation: scored.optional(),
  evaluation: z.array(scored),
  problems: z.object({ proposed: z.number(), accepted: z.number(), withConsensus: z.number() }).optional(),
  discardedProblems: counts.optional(),
  problemOutcomes: counts.optional(),
  tests: z.number().optional().describe('Usable tests of all problems.'),
  testsWritten: z.number().optional(),
  droppedTests: counts.optional(),
  candidates: z.number().optional(),
  candidatesSpared: z.number().optional().describe('Not sampled: they could hardly change the outcome.'),
  discardedCandidates: counts.optional(),
  programsExecuted: z.number().optional().describe('Distinct ones; equal programs share a run.'),
  candidatesShared: z
    .number()
    .optional()
    .describe('Those that took the results of an equal program of an earlier round of sampling.'),
  identicalTextShare: z.number().optional().describe('Of the candidates.'),
  verdicts: counts.optional().describe('Candidate × test pairs by outcome.'),
  hackingSigns: counts.optional().describe('Candidates by sign of reward hacking; `any` counts each once.'),
  uncheckedWinners: z
    .number()
    .optional()
    .describe('Their second run in shuffled order failed by a fault of ours.'),
  review: ReviewCounts.optional().describe('Selections that waited for a person, and who decided.'),
  clusterShares: z.array(z.number()).optional().describe('Chosen clusters in ten bins of their share.'),
  judgeScores: z.array(z.number()).optional().describe('Rated problems in ten bins of their score.'),
  judge: JudgeCalibration.extend({ warning: z.string().optional() }).optional(),
  consensus: ConsensusSummary.optional(),
  curriculum: CurriculumRecord.optional(),
  diversity: DiversitySummary.optional(),
  pairs: z.number().optional(),
  contaminatedPairs: z.number().optional().describe('Left out because they overlap a benchmark.'),
  overlaps: Overlaps.optional().describe('With the campaign’s benchmarks, where it has any.'),
  heldout: z.number().optional(),
  tokens: z.number().describe('Completion tokens of stored answers.'),
  tokensByStage: counts,
  seconds: counts.describe('Summed activity time by stage.'),
  training: z
    .object({
      loss: z.number().nullable(),
      steps: z.number(),
      examples: z.number(),
      skipped: z.number(),
      fit: z.object({ before: z.number().nullable(), after: z.number().nullable() }).optional(),
    })
    .optional(),
  untrained: z.string().optional().describe('Why nothing was trained.'),
  givenUp: z.literal(true).optional().describe('A person went back to an earlier checkpoint.'),
  sampledFrom: z.string().optional().describe('base, or iteration-<n>.'),
  servedWeightsSha256: z.string().nullable().optional(),
  datasetUri: z.string().nullable().optional(),
  checkpointUri: z.string().nullable().optional(),
  checkpointSha256: z.string().optional(),
});
export type ReportedIteration = z.infer<typeof ReportedIteration>;

export const CampaignReport = z.object({
  id: z.string(),
  state: z.enum(CAMPAIGN_STATES),
  model: z.string(),
  prompts: z.string().describe('The prompt set with which everything was asked, pass@1 included.'),
  validation: z.string().describe('heldout, or a benchmark.'),
  iterations: z.array(ReportedIteration),
  best: z.object({ n: z.int().min(0), passAt1 }),
  endReason: z.string().optional(),
  alarms: z.array(Alarm),
  benchmarkLooks: z.array(BenchmarkLook),
  audit: z.array(AuditLine).optional().describe('Who steered the campaign, when and why.'),
  ui: z.string().optional().describe('The campaign’s page in the Temporal UI.'),
});
export type CampaignReport = z.infer<typeof CampaignReport>;

export type ReportInput = {
  config: CampaignConfig;
  state: CampaignState;
  records: readonly IterationRecord[];
  ended: { best: BestIteration; reason: string } | null;
  rollback?: Rollback | null;
  audit?: readonly AuditLine[];
  ui?: string;
};

export const buildReport = ({
  config,
  state,
  records,
  ended,
  rollback,
  audit,
  ui,
}: ReportInput): CampaignReport => ({
  id: config.name,
  state,
  model: config.model.base,
  prompts: config.model.prompts,
  validation: config.validation.source,
  iterations: records.map((record) => ({
    ...reportIteration(record),
    ...reportOverlaps(config, record),
    ...(isGivenUp(rollback, record.n) ? { givenUp: true as const } : {}),
  })),
  best: ended?.best ?? bestSoFar(records, rollback),
  ...(ended ? { endReason: ended.reason } : {}),
  alarms: findAlarms(records, config.watch, rollback),
  benchmarkLooks: benchmarkLooks(records),
  ...(audit && audit.length > 0 ? { audit: [...audit] } : {}),
  ...(ui === undefined ? {} : { ui }),
});

const reportIteration = (record: IterationRecord): ReportedIteration => {
  const { n, validation, evaluation, stages, untrained } = record;
  const stageEntries = Object.entries(stages);
  return {
    n,
    passAt1: validation?.score.passAt1 ?? null,
    ...(validation ? { validation: { set: validation.set, ...validation.score } } : {}),
    evaluation: evaluation.map(({ set, score }) => ({ set, ...score })),
    ...reportWork(record),
    ...reportTraining(record),
    tokens: stageEntries.reduce((sum, [, { tokens }]) => sum + tokens, 0),
    tokensByStage: Object.fromEntries(
      stageEntries.filter(([, { tokens }]) => tokens > 0).map(([stage, { tokens }]) => [stage, tokens]),
    ),
    seconds: Object.fromEntries(stageEntries.map(([stage, { seconds }]) => [stage, seconds])),
    ...(untrained === undefined ? {} : { untrained }),
  };
};

const reportWork = ({ work }: IterationRecord): Partial<ReportedIteration> => {
  if (!work) return {};
  const { problems, tests, candidates, judge } = work;
  return {
    problems: {
      proposed: problems.proposed,
      accepted: problems.accepted,
      withConsensus: problems.outcomes.consensus ?? 0,
    },
    discardedProblems: {
      ...problems.discarded,
      ...(problems.duplicates > 0 ? { duplicate: problems.duplicates } : {}),
      ...(problems.nearDuplicates > 0 ? { 'near duplicate': problems.nearDuplicates } : {}),
      ...(problems.contaminated > 0 ? { 'overlaps a benchmark': problems.contaminated } : {}),
    },
    problemOutcomes: problems.outcomes,
    tests: tests.usable,
    testsWritten: tests.written,
    droppedTests: tests.dropped,
    candidates: candidates.sampled,
    discardedCandidates: candidates.discarded,
    ...(candidates.spared ? { candidatesSpared: candidates.spared } : {}),
    programsExecuted: candidates.executed,
    ...(candidates.shared ? { candidatesShared: candidates.shared } : {}),
    identicalTextShare: candidates.sampled === 0 ? 0 : candidates.identicalTexts / candidates.sampled,
    verdicts: work.verdicts,
    ...(work.hacking ? { hackingSigns: work.hacking } : {}),
    ...(work.uncheckedWinners ? { uncheckedWinners: work.uncheckedWinners } : {}),
    ...(work.review ? { review: work.review } : {}),
    clusterShares: work.shareBins,
    judgeScores: problems.scoreBins,
    ...(judge ? { judge: { ...judge, ...judgeWarning(judge) } } : {}),
    ...(work.consensus ? { consensus: work.consensus } : {}),
    ...(work.curriculum ? { curriculum: work.curriculum } : {}),
    ...(work.diversity ? { diversity: work.diversity } : {}),
    pairs: work.pairs,
    contaminatedPairs: work.contaminatedPairs,
    heldout: work.heldout,
    sampledFrom: work.from === 'base' ? 'base' : `iteration-${work.from.iteration}`,
    servedWeightsSha256: work.servedWeightsSha256,
    datasetUri: work.datasetUri,
  };
};

const reportOverlaps = (config: CampaignConfig, { work }: IterationRecord): Partial<ReportedIteration> =>
  work && benchmarksOf(config).length > 0 ? { overlaps: work.overlaps ?? { removed: [], trees: null } } : {};

const reportTraining = ({ work, training }: IterationRecord): Partial<ReportedIteration> => {
  if (!training) return work ? { checkpointUri: null } : {};
  const { loss, steps, examples, skipped, fit, checkpointUri, weightsSha256 } = training;
  return {
    training: { loss, steps, examples, skipped, ...(fit ? { fit } : {}) },
    checkpointUri,
    checkpointSha256: weightsSha256,
  };
};

const judgeWarning = ({ low, high }: JudgeCalibration): { warning?: string } => {
  if (low > 0.5) return {};
  return {
    warning:
      high < 0.5
        ? 'The interval lies below 0.5: this judge takes spoilt problems for better than good ones.'
        : 'The interval holds 0.5: this judge may tell good problems from spoilt ones no better than a coin.',
  };
};
