/**
 * What a campaign knows of one iteration: counters, scores and links, compact enough to be carried through
 * continue-as-new. Everything that the report shows is in these records; the data itself lies in the bucket.
 */
import { z } from 'zod';
import { Overlaps } from '../dataset/find-overlaps.ts';
import { Score } from '../evaluation/score.ts';
import { CurriculumRecord } from '../problems/curriculum/curriculum-record.ts';
import { ConsensusSummary } from '../selection/consensus-summary.ts';
import { DiversitySummary } from '../selection/diversity.ts';
import { ReviewCounts } from '../steering/review.ts';

const count = z.int().min(0);
const counts = z.record(z.string(), count);
/** Ten equal bins over 0…1. */
const bins = z.array(count).length(10);

export const ProblemCounts = z.object({
  proposed: count,
  accepted: count.describe('After duplicates and the limit: the problems that were solved.'),
  refined: count,
  duplicates: count,
  nearDuplicates: count.describe('Of an earlier problem of the campaign.'),
  contaminated: count.describe('Overlapping a benchmark.'),
  discarded: counts.describe('Proposals that became no problem, by reason.'),
  outcomes: counts.describe(
    'Accepted problems by how they ended: consensus, no-consensus, too-few-tests, failed.',
  ),
  scoreBins: bins.describe('Judge’s scores.'),
});
export type ProblemCounts = z.infer<typeof ProblemCounts>;

export const JudgeCalibration = z.object({
  auc: z.number().min(0).max(1),
  low: z.number().min(0).max(1).describe('95 % interval.'),
  high: z.number().min(0).max(1),
  good: count.describe('Planted good problems.'),
  spoilt: count.describe('Planted spoilt problems.'),
});
export type JudgeCalibration = z.infer<typeof JudgeCalibration>;

export const TrainingRecord = z.object({
  loss: z.number().nullable(),
  steps: count,
  examples: count,
  skipped: count.describe('Pairs longer than training.maxLength.'),
  seconds: z.number().min(0),
  checkpointUri: z.string(),
  weightsSha256: z.string(),
  fit: z
    .object({ before: z.number().nullable(), after: z.number().nullable() })
    .optional()
    .describe(
      'Mean log-probability per token of the trained answers, before and after; null where the server tells none.',
    ),
});
export type TrainingRecord = z.infer<typeof TrainingRecord>;

/** The model that sampled: the base, or the checkpoint of an iteration. */
export const CheckpointSource = z.union([z.literal('base'), z.object({ iteration: z.int().min(1) })]);
export type CheckpointSource = z.infer<typeof CheckpointSource>;

/** What an iteration made before its fine-tune. Iteration 0 has none: it only measures the base. */
export const IterationWork = z.object({
  from: CheckpointSource,
  servedModel: z.string(),
  servedWeightsSha256: z.string().nullable().describe('Of the weights that the model server loaded for it.'),
  problems: ProblemCounts,
  judge: JudgeCalibration.optional(),
  tests: z.object({ written: count, usable: count, dropped: counts }),
  candidates: z.object({
    sampled: count,
    discarded: counts,
    identicalTexts: count.describe('Candidates whose text repeats another one of their problem.'),
    executed: count.describe('Distinct programs run.'),
    shared: count
      .optional()
      .describe('Candidates that took the results of an equal program of an earlier round of sampling.'),
    spared: count.optional().describe('Not sampled, because they could hardly change the outcome.'),
  }),
  verdicts: counts.describe('Candidate × test pairs by outcome.'),
  hacking: counts
    .optional()
    .describe(
      'Candidates by sign of reward hacking; `any` counts each once, `unstable-winner` the winners that a shuffled second run contradicts.',
    ),
  uncheckedWinners: count
    .optional()
    .describe('Winners whose second run in shuffled order failed by a fault of ours.'),
  review: ReviewCounts.optional().describe('Selections that waited for a person.'),
  shareBins: bins.describe('Shares of the chosen clusters.'),
  consensus: ConsensusSummary.optional(),
  curriculum: CurriculumRecord.optional().describe('Planned topics and difficulty, and what came of them.'),
  diversity: DiversitySummary.optional().describe('Absent where no machine could measure it.'),
  pairs: count.describe('Examples of the dataset.'),
  contaminatedPairs: count.describe('Solutions left out because they overlap a benchmark.'),
  overlaps: Overlaps.optional().describe('Absent in records of earlier versions.'),
  heldout: count.describe('Problems with a consensus that were kept out of training.'),
  datasetUri: z.string().nullable(),
});
export type IterationWork = z.infer<typeof IterationWork>;

export const NamedScore = z.object({ set: z.string().describe('heldout, or the benchmark.'), score: Score });
export type NamedScore = z.infer<typeof NamedScore>;

export const IterationRecord = z.object({
  n: z.int().min(0),
  work: IterationWork.optional(),
  training: TrainingRecord.optional(),
  untrained: z.string().optional().describe('Why nothing was trained.'),
  validation: NamedScore.optional().describe('The score that decides.'),
  evaluation: z.array(NamedScore).describe('Scores that decide nothing.'),
  stages: z
    .record(z.string(), z.object({ tokens: count, seconds: z.number().min(0) }))
    .describe('Completion tokens and summed activity seconds by stage.'),
});
export type IterationRecord = z.infer<typeof IterationRecord>;
