/** The heart of a campaign: one iteration from its problems to the measured checkpoint. */
import { isCancellation, patched } from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import { curriculumHistory } from '../core/campaign/curriculum-history.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { CheckpointSource, IterationRecord } from '../core/report/iteration-record.ts';
import { diversity, evaluationStore, model, serving } from './activity-proxies.ts';
import { spentTokens } from './budget.ts';
import {
  type CampaignInput,
  type CampaignState,
  enter,
  isGivenUp,
  iterationsOf,
  madeIterations,
} from './campaign-state.ts';
import { fineTune } from './fine-tune.ts';
import { iteration } from './iteration.ts';
import { iterationWork } from './iteration-work.ts';
import { measure, validate } from './measure.ts';
import { publishDataset } from './publish-dataset.ts';
import { closeReviews } from './review-queue.ts';
import { serve } from './serve.ts';
import { addMeasures, addTotals } from './stage-totals.ts';
import { runSteeredChild } from './steered-child.ts';
import { stopWhereHacked } from './stop-where-hacked.ts';
import { workflowIds } from './workflow-ids.ts';

/**
 * One iteration, or what is left of one that is done again: sample from `from`, train on what was selected, measure the result. Training takes the settings
 * with which the iteration began.
 */
export const improve = async (
  input: CampaignInput,
  state: CampaignState,
  from: CheckpointSource,
): Promise<void> => {
  const { retry } = state;
  const kept = retry && state.records.find(({ n }) => n === retry.iteration);
  const record: IterationRecord = kept ?? { n: madeIterations(state), evaluation: [], stages: {} };
  try {
    if (kept) await repeatEnd(input, state, record, from);
    else await makeIteration(input, state, record, from);
  } catch (thrown) {
    // Its number is used up: another model would answer under the same keys.
    if (isCancellation(thrown) && (state.stop || isGivenUp(state, record.n))) {
      if (!state.records.includes(record)) state.records.push(record);
      const why = whyCutShort(state, record.n);
      if (!record.training && why !== undefined) record.untrained = why;
    }
    throw thrown;
  }
};

const makeIteration = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  from: CheckpointSource,
): Promise<void> => {
  const { config } = input;
  const { n } = record;
  const { context, weightsSha256 } = await serve(input, state, record, from, n);

  await enter(state, n, 'judge');
  const judge = await model.calibrateJudge(context);
  addMeasures(record.stages, 'judge', judge);

  const workflowId = workflowIds.iteration(config.name, n, state.revisions);
  await enter(state, n, 'problems', workflowId);
  const made = await runSteeredChild(
    input,
    state,
    iteration,
    { workflowId, staticSummary: `Iteration ${n} of up to ${config.iterations.max}` },
    (steering) => ({
      context,
      config: input.config,
      heldoutIteration: state.heldout?.iteration ?? null,
      history: curriculumHistory(iterationsOf(state), state.rollback, n),
      tokensBefore: spentTokens(state),
      steering,
    }),
  );
  closeReviews(state);
  if (state.retry?.pending) return;
  addTotals(record.stages, made.stages);
  state.records.push(record);
  const heldout = await holdOut(input, state, record, context);

  await enter(state, n, 'consolidate');
  const dataset = await publishDataset(input, state, record, context);
  const measured = patched('diversity') ? await diversity.measureDiversity(context) : undefined;
  if (measured) addMeasures(record.stages, 'diversity', measured);
  record.work = iterationWork({
    from,
    servedModel: context.servedModel,
    weightsSha256,
    judge,
    made,
    heldout,
    dataset,
    diversity: measured?.summary ?? undefined,
  });
  if (state.retry?.pending) return;
  stopWhereHacked(input, state, record.work);
  const untrained = whyCutShort(state, n) ?? whyNotTrain(config, state, dataset.newPairs);
  if (untrained !== undefined) {
    record.untrained = untrained;
    return;
  }
  await train(input, state, record, context, from, dataset.pairs);
};

/** Fine-tunes on the iteration's dataset, serves the result and measures it. */
const train = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  context: ModelStepContext,
  from: CheckpointSource,
  pairs: number,
): Promise<void> => {
  const { config } = input;
  const { n } = record;
  await enter(state, n, 'train', workflowIds.fineTune(config.name, n));
  const fitOf = (summary: string, step: ModelStepContext) =>
    serving.measureFit.executeWithOptions({ summary }, [{ ...step, datasetIteration: n }]);
  const before = await fitOf('before training', context);
  addMeasures(record.stages, 'fit', before);
  const trained = await runSteeredChild(
    input,
    state,
    fineTune,
    { workflowId: workflowIds.fineTune(config.name, n), staticSummary: `Fine-tune on ${pairs} pairs` },
    (steering) => ({
      context,
      training: config.training,
      from: config.training.restart === 'base' ? 'base' : from,
      baseModel: config.model.base,
      steering,
    }),
  );
  const { publishSeconds, ...training } = trained;
  addMeasures(record.stages, 'train', training);
  addMeasures(record.stages, 'publish', { seconds: publishSeconds });
  const { context: tuned } = await serve(input, state, record, { iteration: n }, n);
  const after = await fitOf('after training', tuned);
  addMeasures(record.stages, 'fit', after);
  record.training = {
    ...training,
    fit: { before: before.meanLogProbability, after: after.meanLogProbability },
  };
  await measure(input, state, record, tuned);
};

/** A retry from training on, or from validation on: the dataset, or the checkpoint as well, is there. */
const repeatEnd = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  from: CheckpointSource,
): Promise<void> => {
  const { n, work, training } = record;
  if (training) {
    const { context } = await serve(input, state, record, { iteration: n }, n);
    return measure(input, state, record, context);
  }
  const { context } = await serve(input, state, record, from, n);
  await train(input, state, record, context, from, work?.pairs ?? 0);
};

const whyCutShort = (state: CampaignState, n: number): string | undefined => {
  if (state.retry?.pending) return 'it is done again';
  if (isGivenUp(state, n)) return 'given up: the campaign went back to an earlier checkpoint';
  const { stop } = state;
  return stop && stop.after !== 'iteration' ? `the campaign was stopped by ${stop.by}` : undefined;
};

const whyNotTrain = (
  { validation }: CampaignConfig,
  { heldout }: CampaignState,
  newPairs: number,
): string | undefined => {
  if (validation.source === 'heldout' && !heldout) {
    return 'too few problems with a consensus: at least two are needed, one to train on and one to hold out';
  }
  return newPairs === 0 ? 'no problem of this iteration has a consensus that may be trained on' : undefined;
};

/**
 * Fixes the held-out problems in the first iteration that has enough of them. Nothing was trained until
 * then, so the model that is being served is the base, and its score is iteration 0’s.
 */
const holdOut = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  context: ModelStepContext,
): Promise<number> => {
  const { validation } = input.config;
  const base = state.records[0];
  if (validation.source !== 'heldout' || state.heldout || !base) return 0;
  if (whyCutShort(state, context.iteration)) return 0;
  await enter(state, context.iteration, 'hold out');
  const { heldout, seconds } = await evaluationStore.prepareHeldout({ ...context, share: validation.share });
  addMeasures(record.stages, 'hold out', { seconds });
  if (heldout === 0) return 0;
  state.heldout = { iteration: context.iteration, questions: heldout };
  await validate(input, state, base, { ...context, iteration: 0 });
  return heldout;
};
