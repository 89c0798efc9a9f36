/** Doing a part of a campaign again: what may be asked for, and what is left of the records when it begins. */
import { UcoderError } from '../errors.ts';
import type { CheckpointSource, IterationRecord } from '../report/iteration-record.ts';
import { type Part, type Revisions, raiseParts, raiseRevisions } from '../revisions.ts';
import type { RetryPoint } from './requests.ts';

/** The first part that is made again. What problems stored is kept where only the failed ones are tried again. */
const FIRST_PART: Record<RetryPoint, Part> = {
  failed: 'dataset',
  problems: 'problems',
  train: 'training',
  validate: 'validation',
};

export type Retried = { iteration: number; from: RetryPoint };

/** What a campaign carries until it is done. */
export type Retry = Retried & {
  /** The checkpoint that served the iteration, where it is known. */
  source?: CheckpointSource;
  /** Until what is at work has ended. */
  pending: boolean;
};

/** Where a campaign stands, as far as a retry is concerned. */
export type RetryView = {
  /** Finished iterations, and the one at hand once its problems are done. */
  records: readonly IterationRecord[];
  /** The iteration at hand, or the last. */
  current: number;
  /** Failures of ours that the iteration at hand has told of. */
  openFailed: { iteration: number; failed: number };
};

/** Thrown: steering-refused, where there is nothing of the kind to do again. */
export const checkRetry = ({ iteration, from }: Retried, view: RetryView): void => {
  const refuse = (message: string) => new UcoderError('steering-refused', message);
  if (view.current === 0) throw refuse('There is nothing to do again yet: the base model is being measured.');
  if (iteration > view.current)
    throw refuse(`Iteration ${iteration} has not begun; the campaign is at ${view.current}.`);
  const record = view.records.find(({ n }) => n === iteration);
  if (from === 'failed' && failuresOf(iteration, record, view) === 0)
    throw refuse(`No problem of iteration ${iteration} failed by a fault of ours.`);
  if (from === 'train' && (record?.work?.pairs ?? 0) === 0)
    throw refuse(`Iteration ${iteration} has nothing to train on: ${record?.untrained ?? 'no dataset yet'}.`);
  if (from === 'validate' && !record?.training)
    throw refuse(
      `Iteration ${iteration} has no checkpoint: ${record?.untrained ?? 'it is not trained yet'}.`,
    );
};

const failuresOf = (
  iteration: number,
  record: IterationRecord | undefined,
  { openFailed }: RetryView,
): number => {
  if (record?.work) return (record.work.problems.outcomes.failed ?? 0) + (record.work.uncheckedWinners ?? 0);
  return openFailed.iteration === iteration ? openFailed.failed : 0;
};

export type RetryStart = {
  records: IterationRecord[];
  revisions: Revisions;
  /** Null where the held-out problems are chosen again. */
  heldout: { iteration: number; questions: number } | null;
  /** Completion tokens of what is dropped and paid for again. */
  droppedTokens: number;
};

/**
 * What a campaign goes on with: records up to the iteration, the iteration itself as far as it is kept. Where the
 * held-out problems go with it, so does the base model's score on them.
 */
export const startRetry = (
  { iteration, from }: Retried,
  given: Pick<RetryStart, 'records' | 'revisions' | 'heldout'> & { current: number },
): RetryStart => {
  const earlier = given.records.filter(({ n }) => n < iteration);
  const old = given.records.find(({ n }) => n === iteration);
  const remade = from === 'failed' || from === 'problems';
  const kept = old && !remade ? [withoutMeasures(old, from)] : [];
  const dropped = given.records.filter(({ n }) => n > iteration || (n === iteration && from === 'problems'));
  const measured = old && from !== 'problems' ? tokensOf(old, ({ name }) => MEASURING.includes(name)) : 0;
  let revisions = raiseRevisions(given.revisions, {
    iteration,
    from: FIRST_PART[from],
    last: given.current,
  });
  let heldout = given.heldout;
  let records = [...earlier, ...kept];
  if (heldout && (heldout.iteration > iteration || (heldout.iteration === iteration && remade))) {
    heldout = null;
    revisions = raiseParts(revisions, 0, ['validation']);
    records = records.map((record) => (record.n === 0 ? withoutValidation(record) : record));
  }
  const droppedTokens = measured + dropped.reduce((sum, record) => sum + tokensOf(record, () => true), 0);
  return { records, revisions, heldout, droppedTokens };
};

/** Stages in which a model is measured, as `IterationRecord.stages` names them. */
const MEASURING = ['validation', 'evaluation'];
const TRAINING = ['train', 'publish', 'fit'];

const tokensOf = ({ stages }: IterationRecord, counts: (stage: { name: string }) => boolean): number =>
  Object.entries(stages).reduce((sum, [name, { tokens }]) => sum + (counts({ name }) ? tokens : 0), 0);

const withoutStages = (stages: IterationRecord['stages'], gone: readonly string[]) =>
  Object.fromEntries(Object.entries(stages).filter(([name]) => !gone.includes(name)));

const withoutMeasures = (record: IterationRecord, from: RetryPoint): IterationRecord => {
  const { validation: _, training, untrained: __, ...rest } = record;
  const stages = withoutStages(record.stages, from === 'train' ? [...MEASURING, ...TRAINING] : MEASURING);
  return { ...rest, evaluation: [], stages, ...(training && from === 'validate' ? { training } : {}) };
};

export const withoutValidation = ({ validation: _, ...record }: IterationRecord): IterationRecord => ({
  ...record,
  stages: withoutStages(record.stages, ['validation']),
});
