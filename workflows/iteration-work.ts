/** Turns what an iteration counted into its record for the report. */

import type { PublishedDataset } from '../activities/training/dataset-activities.ts';
import type { CheckpointSource, IterationWork, JudgeCalibration } from '../core/report/iteration-record.ts';
import type { DiversitySummary } from '../core/selection/diversity.ts';
import { countReviews } from '../core/steering/review.ts';
import type { IterationState } from './iteration-state.ts';

type Parts = {
  from: CheckpointSource;
  servedModel: string;
  weightsSha256: string | null;
  judge: JudgeCalibration;
  made: IterationState;
  heldout: number;
  /** One that an earlier version published told of no overlaps. */
  dataset: Omit<PublishedDataset, 'overlaps'> & Partial<Pick<PublishedDataset, 'overlaps'>>;
  diversity: DiversitySummary | undefined;
};

export const iterationWork = ({
  from,
  servedModel,
  weightsSha256,
  judge,
  made,
  heldout,
  dataset,
  diversity,
}: Parts): IterationWork => ({
  from,
  servedModel,
  servedWeightsSha256: weightsSha256,
  problems: {
    proposed: made.proposed,
    accepted: made.total,
    refined: made.refined,
    duplicates: made.duplicates,
    nearDuplicates: made.nearDuplicates,
    contaminated: made.contaminated,
    discarded: made.discardedProblems,
    outcomes: made.outcomes,
    scoreBins: made.scoreBins,
  },
  judge: { auc: judge.auc, low: judge.low, high: judge.high, good: judge.good, spoilt: judge.spoilt },
  tests: made.tests,
  candidates: {
    ...made.candidates,
    executed: made.executed,
    ...(made.shared ? { shared: made.shared } : {}),
  },
  verdicts: made.verdicts,
  ...(made.hacking ? { hacking: made.hacking } : {}),
  ...(made.uncheckedWinners ? { uncheckedWinners: made.uncheckedWinners } : {}),
  ...(made.reviews || made.unasked
    ? {
        review: {
          ...countReviews(made.reviews ?? []),
          ...(made.unasked ? { unasked: made.unasked } : {}),
        },
      }
    : {}),
  shareBins: made.shareBins,
  ...(made.consensus ? { consensus: made.consensus } : {}),
  ...(made.curriculum?.record ? { curriculum: made.curriculum.record } : {}),
  ...(diversity ? { diversity } : {}),
  pairs: dataset.pairs,
  contaminatedPairs: dataset.contaminated,
  ...(dataset.overlaps ? { overlaps: dataset.overlaps } : {}),
  heldout,
  datasetUri: dataset.uri,
});
