/** Doing a part of a campaign again: what may be asked for, and what is left of the records when it begins. */
import { UcoderError } from '../errors.ts';
import {
  type ArchivedIteration,
  briefsOf,
  type IterationBrief,
  type IterationHistory,
  MEASURING_STAGES,
} from '../report/iteration-brief.ts';
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
export type RetryView = IterationHistory & {
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
  const made = briefsOf(view).find(({ n }) => n === iteration);
  const untrained = view.records.find(({ n }) => n === iteration)?.untrained;
  if (from === 'failed' && failuresOf(iteration, made, view) === 0)
    throw refuse(`No problem of iteration ${iteration} failed by a fault of ours.`);
  if (from === 'train' && (made?.work?.pairs ?? 0) === 0)
    throw refuse(`Iteration ${iteration} has nothing to train on: ${untrained ?? 'no dataset'}.`);
  if (from === 'validate' && !made?.training)
    throw refuse(`Iteration ${iteration} has no checkpoint: ${untrained ?? 'it was not trained'}.`);
};

const failuresOf = (
  iteration: number,
  made: IterationBrief | undefined,
  { openFailed }: RetryView,
): number => {
  if (made?.work) return made.work.unfinished;
  return openFailed.iteration === iteration ? openFailed.failed : 0;
};

export type RetryStart = {
  records: IterationRecord[];
  archived: ArchivedIteration[];
  revisions: Revisions;
  /** Null where the held-out problems are chosen again. */
  heldout: { iteration: number; questions: number } | null;
  /** Completion tokens of what is dropped and paid for again. */
  droppedTokens: number;
};

/**
 * What a campaign goes on with: iterations before this one, and this one as far as it is kept, for which its record
 * must be at hand. Where the held-out problems go with it, so does the base model's score on them.
 */
export const startRetry = (
  { iteration, from }: Retried,
  given: IterationHistory & Pick<RetryStart, 'revisions' | 'heldout'> & { current: number },
): RetryStart => {
  const earlier = given.records.filter(({ n }) => n < iteration);
  const old = given.records.find(({ n }) => n === iteration);
  const remade = from === 'failed' || from === 'problems';
  const kept = old && !remade ? [withoutMeasures(old, from)] : [];
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
  const archived = (given.archived ?? []).filter(({ n }) => n < iteration);
  return { records, archived, revisions, heldout, droppedTokens: droppedTokens({ iteration, from }, given) };
};

const droppedTokens = ({ iteration, from }: Retried, given: IterationHistory): number =>
  briefsOf(given).reduce((sum, { n, tokens }) => {
    if (n < iteration) return sum;
    return sum + (n > iteration || from === 'problems' ? tokens.all : tokens.measuring);
  }, 0);

const TRAINING_STAGES = ['train', 'publish', 'fit'];

const withoutStages = (stages: IterationRecord['stages'], gone: readonly string[]) =>
  Object.fromEntries(Object.entries(stages).filter(([name]) => !gone.includes(name)));

const withoutMeasures = (record: IterationRecord, from: RetryPoint): IterationRecord => {
  const { validation: _, training, untrained: __, ...rest } = record;
  const stages = withoutStages(
    record.stages,
    from === 'train' ? [...MEASURING_STAGES, ...TRAINING_STAGES] : MEASURING_STAGES,
  );
  return { ...rest, evaluation: [], stages, ...(training && from === 'validate' ? { training } : {}) };
};

export const withoutValidation = ({ validation: _, ...record }: IterationRecord): IterationRecord => ({
  ...record,
  stages: withoutStages(record.stages, ['validation']),
});
