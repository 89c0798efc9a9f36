/** The heart of a campaign: one iteration from its problems to the measured checkpoint. */
import { executeChild } from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { CheckpointSource, IterationRecord } from '../core/report/iteration-record.ts';
import { datasets, evaluationStore, model, serving } from './activity-proxies.ts';
import { type CampaignInput, type CampaignState, enter } from './campaign-state.ts';
import { fineTune } from './fine-tune.ts';
import { iteration } from './iteration.ts';
import { iterationWork } from './iteration-work.ts';
import { measure, validate } from './measure.ts';
import { serve } from './serve.ts';
import { addMeasures, addTotals } from './stage-totals.ts';
import { workflowIds } from './workflow-ids.ts';

/** One iteration: sample from `from`, train on what was selected, measure the result. */
export const improve = async (
  input: CampaignInput,
  state: CampaignState,
  from: CheckpointSource,
): Promise<void> => {
  const { config } = input;
  const n = state.records.length;
  const record: IterationRecord = { n, evaluation: [], stages: {} };
  const { context, weightsSha256 } = await serve(input, state, record, from, n);

  enter(state, n, 'judge');
  const judge = await model.calibrateJudge(context);
  addMeasures(record.stages, 'judge', judge);

  const workflowId = workflowIds.iteration(config.name, n);
  enter(state, n, 'problems', workflowId);
  const made = await executeChild(iteration, {
    workflowId,
    staticSummary: `Iteration ${n} of up to ${config.iterations.max}`,
    args: [{ context, config, heldoutIteration: state.heldout?.iteration ?? null }],
  });
  addTotals(record.stages, made.stages);
  state.records.push(record);
  const heldout = await holdOut(input, state, context);

  enter(state, n, 'consolidate');
  const dataset = await datasets.publishDataset({
    ...context,
    data: config.training.data,
    baseModel: config.model.base,
    heldoutIteration: state.heldout?.iteration ?? null,
  });
  record.work = iterationWork({
    from,
    servedModel: context.servedModel,
    weightsSha256,
    judge,
    made,
    heldout,
    dataset,
  });
  record.untrained = whyNotTrain(config, state, dataset.newPairs);
  if (record.untrained !== undefined) return;
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
  enter(state, n, 'train');
  const before = await serving.measureFit({ ...context, datasetIteration: n });
  const trained = await executeChild(fineTune, {
    workflowId: workflowIds.fineTune(config.name, n),
    staticSummary: `Fine-tune on ${pairs} pairs`,
    args: [
      {
        context,
        training: config.training,
        from: config.training.restart === 'base' ? 'base' : from,
        baseModel: config.model.base,
      },
    ],
  });
  addMeasures(record.stages, 'train', trained);
  const { context: tuned } = await serve(input, state, record, { iteration: n }, n);
  const after = await serving.measureFit({ ...tuned, datasetIteration: n });
  record.training = {
    ...trained,
    fit: { before: before.meanLogProbability, after: after.meanLogProbability },
  };
  await measure(input, state, record, tuned);
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
  context: ModelStepContext,
): Promise<number> => {
  const { validation } = input.config;
  const base = state.records[0];
  if (validation.source !== 'heldout' || state.heldout || !base) return 0;
  enter(state, context.iteration, 'hold out');
  const { heldout } = await evaluationStore.prepareHeldout({ ...context, share: validation.share });
  if (heldout === 0) return 0;
  state.heldout = { iteration: context.iteration, questions: heldout };
  await validate(input, state, base, { ...context, iteration: 0 });
  return heldout;
};
