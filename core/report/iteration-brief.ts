/**
 * What a campaign goes on knowing of an iteration that is over: what its decisions look at, some 200 bytes. The whole
 * record lies in the bucket, so that a hundred iterations fit into what is carried from run to run.
 */
import { z } from 'zod';
import { CheckpointSource, type IterationRecord } from './iteration-record.ts';

const count = z.int().min(0);

export const IterationBrief = z.object({
  n: z.int().min(0),
  work: z
    .object({
      from: CheckpointSource,
      accepted: count.describe('Problems that were solved.'),
      withConsensus: count,
      unfinished: count.describe(
        'Problems that a fault of ours left without an end, or without the second run.',
      ),
      pairs: count.describe('Examples of the dataset.'),
    })
    .optional()
    .describe('Absent where nothing was made: iteration 0, or one that was cut short.'),
  training: z
    .object({ loss: z.number().nullable() })
    .optional()
    .describe('Absent where nothing was trained.'),
  passAt1: z.number().nullable().describe('Validation’s; null where nothing was validated.'),
  tokens: z
    .object({ all: count, measuring: count.describe('Of validation and evaluation.') })
    .describe('Completion tokens.'),
});
export type IterationBrief = z.infer<typeof IterationBrief>;

/** An iteration whose record lies in the bucket. */
export const ArchivedIteration = IterationBrief.extend({
  record: z.string().describe('Of its content: names the record, see layout.record.'),
});
export type ArchivedIteration = z.infer<typeof ArchivedIteration>;

/** All iterations of a campaign: `archived` are in the bucket, `records` are at hand. No number is in both. */
export type IterationHistory = {
  records: readonly IterationRecord[];
  archived?: readonly ArchivedIteration[] | undefined;
};

/** Stages in which a model is measured, as `IterationRecord.stages` names them. */
export const MEASURING_STAGES = ['validation', 'evaluation'];

export const tokensOf = (
  { stages }: Pick<IterationRecord, 'stages'>,
  counts: (stage: string) => boolean = () => true,
): number => Object.entries(stages).reduce((sum, [name, { tokens }]) => sum + (counts(name) ? tokens : 0), 0);

export const briefOf = (record: IterationRecord): IterationBrief => {
  const { n, work, training, validation } = record;
  return {
    n,
    ...(work ? { work: briefOfWork(work) } : {}),
    ...(training ? { training: { loss: training.loss } } : {}),
    passAt1: validation?.score.passAt1 ?? null,
    tokens: {
      all: tokensOf(record),
      measuring: tokensOf(record, (stage) => MEASURING_STAGES.includes(stage)),
    },
  };
};

const briefOfWork = ({
  from,
  problems: { accepted, outcomes },
  uncheckedWinners = 0,
  pairs,
}: NonNullable<IterationRecord['work']>): NonNullable<IterationBrief['work']> => ({
  from,
  accepted,
  withConsensus: outcomes.consensus ?? 0,
  unfinished: (outcomes.failed ?? 0) + uncheckedWinners,
  pairs,
});

/** In the order of their numbers. */
export const briefsOf = ({ records, archived = [] }: IterationHistory): IterationBrief[] =>
  [...archived.map(({ record: _, ...brief }) => brief), ...records.map(briefOf)].sort((a, b) => a.n - b.n);

/**
 * Those that need not be at hand any longer: all but the base's, which the held-out problems change, and the last,
 * which the next decision may change.
 */
export const toArchive = (records: readonly IterationRecord[]): IterationRecord[] => {
  const last = records.reduce((greatest, { n }) => Math.max(greatest, n), 0);
  return records.filter(({ n }) => n > 0 && n < last);
};

/** `stored`: which records the bucket has now, by number. */
export const archive = (
  { records, archived = [] }: IterationHistory,
  stored: readonly { n: number; record: string }[],
): { records: IterationRecord[]; archived: ArchivedIteration[] } => {
  const names = new Map(stored.map(({ n, record }) => [n, record]));
  const moved = records.flatMap((one) => {
    const record = names.get(one.n);
    return record === undefined ? [] : [{ ...briefOf(one), record }];
  });
  return {
    records: records.filter(({ n }) => !names.has(n)),
    archived: [...archived, ...moved].sort((a, b) => a.n - b.n),
  };
};

/** The opposite for one: its record is at hand again. */
export const takeBack = (
  { records, archived = [] }: IterationHistory,
  record: IterationRecord,
): { records: IterationRecord[]; archived: ArchivedIteration[] } => ({
  records: [...records, record].sort((a, b) => a.n - b.n),
  archived: archived.filter(({ n }) => n !== record.n),
});
