/**
 * The whole campaign: the base model is measured, then iteration after iteration makes problems, selects,
 * trains and validates, until validation stops improving. One iteration a run; continue-as-new between them
 * carries `CampaignState`, which is small, because all data lies in the bucket.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import { decideNext } from '../core/campaign/decide-next.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { IterationRecord, ScoreRecord } from '../core/report/iteration-record.ts';
import { campaignStore, datasets, evaluationStore, lease, model, report, serving } from './activity-proxies.ts';
import { type CampaignState, emptyCampaignState, enter, validationHistory } from './campaign-state.ts';
import { evaluation } from './evaluation.ts';
import { type CheckpointSource, fineTune } from './fine-tune.ts';
import { iteration } from './iteration.ts';
import { leaseGranted, progressQuery, releaseLease, reportQuery } from './messages.ts';
import { baseRecord, describeIteration } from './iteration-records.ts';
import { searchAttributes } from './search-attributes.ts';
import { addMeasures, addTotals } from './stage-totals.ts';
import { workflowIds } from './workflow-ids.ts';

export type CampaignInput = {
  config: CampaignConfig;
  /** Names the model server, for its lease: two campaigns with the same value take turns. */
  server: string;
  /** Carried from run to run. */
  state?: CampaignState;
};

export type CampaignOutcome = { best: number; passAt1: number | null; reason: string };

export async function campaign(input: CampaignInput): Promise<CampaignOutcome> {
  const state = input.state ?? emptyCampaignState(Date.now());
  setHandler(progressQuery, () => state.progress);
  setHandler(reportQuery, () => ({ config: input.config, records: state.records, ended: state.ended }));
  setHandler(leaseGranted, () => {
    state.holdsServer = true;
  });
  try {
    await holdServer(input, state);
    const next = decideNext(validationHistory(state), input.config.iterations);
    if (state.records.length === 0) await measureBase(input, state);
    else if (next.continue) await improve(input, state, next.from);
    else return await finish(input, state, next.best, next.reason);
    await report.writeReport({ campaignId: input.config.name, ...reportOf(input, state) });
    await condition(allHandlersFinished);
  } catch (thrown) {
    await CancellationScope.nonCancellable(() => giveBackServer(input));
    if (isCancellation(thrown)) upsertSearchAttributes([{ key: searchAttributes.state, value: 'stopped' }]);
    throw thrown;
  }
  return continueAsNew<typeof campaign>({ ...input, state });
}

/** Iteration 0: the base model as it is. */
const measureBase = async (input: CampaignInput, state: CampaignState): Promise<void> => {
  const record = baseRecord();
  state.records.push(record);
  const context = await serve(input, state, record, 'base', 0);
  await measure(input, state, record, context);
};

/** One iteration: sample from `from`, train on what was selected, measure the result. */
const improve = async (input: CampaignInput, state: CampaignState, from: CheckpointSource): Promise<void> => {
  const { config } = input;
  const n = state.records.length;
  const record: IterationRecord = { ...baseRecord(), n };
  const context = await serve(input, state, record, from, n);

  enter(state, n, 'judge');
  const judge = await model.calibrateJudge(context);
  record.judge = judge;
  addMeasures(record.stages, 'judge', judge);

  enter(state, n, 'problems');
  const made = await executeChild(iteration, {
    workflowId: workflowIds.iteration(config.name, n),
    staticSummary: `Iteration ${n} of up to ${config.iterations.max}`,
    args: [{ context, config, heldoutIteration: state.heldout?.iteration ?? null }],
  });
  describeIteration(record, made);
  state.records.push(record);

  await holdOut(input, state, context);
  enter(state, n, 'consolidate');
  const dataset = await datasets.publishDataset({
    ...context,
    data: config.training.data,
    baseModel: config.model.base,
    heldoutIteration: state.heldout?.iteration ?? null,
  });
  record.pairs = dataset.pairs;
  record.datasetUri = dataset.uri;
  if (config.validation.source === 'heldout' && !state.heldout) {
    record.notTrained = 'too few problems with a consensus: at least two are needed, one to train on and one to hold out';
    return;
  }
  if (dataset.newPairs === 0) {
    record.notTrained = 'no problem of this iteration has a consensus that may be trained on';
    return;
  }

  enter(state, n, 'train');
  const before = await model.measureFit({ ...context, pairsIteration: n });
  const trained = await executeChild(fineTune, {
    workflowId: workflowIds.fineTune(config.name, n),
    staticSummary: `Fine-tune on ${dataset.pairs} pairs`,
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
  const tuned = await serve(input, state, record, { iteration: n }, n);
  const after = await model.measureFit({ ...tuned, pairsIteration: n });
  record.training = {
    loss: trained.loss,
    steps: trained.steps,
    examples: trained.examples,
    skipped: trained.skipped,
    weightsSha256: trained.weightsSha256,
    logProbabilityBefore: before.meanLogProbability,
    logProbabilityAfter: after.meanLogProbability,
  };
  record.checkpointUri = trained.checkpointUri;
  await measure(input, state, record, tuned);
};

/**
 * Fixes the held-out problems in the first iteration that has enough of them. Nothing was trained until
 * then, so the model that is being served is the base, and its score is iteration 0’s.
 */
const holdOut = async (input: CampaignInput, state: CampaignState, context: ModelStepContext): Promise<void> => {
  const { validation } = input.config;
  const base = state.records[0];
  if (validation.source !== 'heldout' || state.heldout || !base) return;
  enter(state, context.iteration, 'hold out');
  const { heldout } = await evaluationStore.prepareHeldout({ ...context, share: validation.share });
  if (heldout === 0) return;
  state.heldout = { iteration: context.iteration, questions: heldout };
  await validate(input, state, base, { ...context, iteration: 0 });
};

/** Validation, where there is something to validate on, and every benchmark that is only reported. */
const measure = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  context: ModelStepContext,
): Promise<void> => {
  await validate(input, state, record, context);
  for (const { benchmark, limit } of input.config.evaluation) {
    enter(state, record.n, `evaluate ${benchmark}`);
    record.evaluation[benchmark] = await score(input, record, context, { set: benchmark, as: 'evaluation', limit });
  }
  const best = decideNext(validationHistory(state), input.config.iterations).best;
  const passAt1 = state.records[best]?.validation?.passAt1;
  if (passAt1 !== undefined) upsertSearchAttributes([{ key: searchAttributes.bestPassAt1, value: passAt1 }]);
};

const validate = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  context: ModelStepContext,
): Promise<void> => {
  const { source, limit } = input.config.validation;
  if (source === 'heldout' && !state.heldout) return;
  enter(state, Math.max(record.n, state.progress.iteration), 'validate');
  record.validation = await score(input, record, context, { set: source, as: 'validation', limit, heldout: state.heldout });
};

type QuestionSet = {
  set: string;
  as: 'validation' | 'evaluation';
  limit: number | undefined;
  heldout?: CampaignState['heldout'];
};

const score = async (
  { config }: CampaignInput,
  record: IterationRecord,
  context: ModelStepContext,
  { set, as, limit, heldout }: QuestionSet,
): Promise<ScoreRecord> => {
  const questions = heldout?.questions ?? (await evaluationStore.prepareBenchmark({ ...context, benchmark: set, limit })).questions;
  const result = await executeChild(evaluation, {
    workflowId: workflowIds.evaluation(config.name, context.iteration, set),
    staticSummary: `${as} on ${questions} questions of ${set}`,
    args: [
      {
        context,
        set,
        as,
        questionsIteration: heldout?.iteration ?? context.iteration,
        questions,
        maxTokens: config.candidates.maxTokens,
        limits: config.limits,
      },
    ],
  });
  addTotals(record.stages, result.stages);
  return { set, ...result.score };
};

/** Serves a checkpoint and says under which name the iteration’s steps find it. */
const serve = async (
  { config }: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  from: CheckpointSource,
  n: number,
): Promise<ModelStepContext> => {
  enter(state, n, 'serve');
  const served = await serving.serveCheckpoint({
    campaignId: config.name,
    from,
    baseModel: config.model.base,
    serving: config.serving,
    contextLength: config.model.contextLength,
  });
  addMeasures(record.stages, 'serve', served);
  record.servedWeightsSha256 = served.weightsSha256;
  return { campaignId: config.name, iteration: n, seed: config.seed, servedModel: served.servedModel };
};

/** The end: the best checkpoint is served again, the last report is written, the server is free. */
const finish = async (input: CampaignInput, state: CampaignState, best: number, reason: string): Promise<CampaignOutcome> => {
  const { config } = input;
  const last = state.records.at(-1);
  if (last) await serve(input, state, last, best === 0 ? 'base' : { iteration: best }, last.n);
  state.ended = { best, reason };
  enter(state, last?.n ?? 0, 'report');
  await report.writeReport({ campaignId: config.name, ...reportOf(input, state) });
  enter(state, last?.n ?? 0, 'completed');
  upsertSearchAttributes([{ key: searchAttributes.state, value: 'completed' }]);
  await giveBackServer(input);
  return { best, passAt1: state.records[best]?.validation?.passAt1 ?? null, reason };
};

const reportOf = ({ config }: CampaignInput, { records, ended }: CampaignState) => ({ config, records, ended });

/** Waits for the lease of the model server. A request whose grant was lost is made again. */
const holdServer = async ({ server }: CampaignInput, state: CampaignState): Promise<void> => {
  while (!state.holdsServer) {
    await lease.askForServer({ leaseId: workflowIds.serverLease(server), holder: workflowInfo().workflowId });
    state.progress.waitingFor = 'another campaign holds the model server';
    await condition(() => state.holdsServer, '10 minutes');
  }
  state.progress.waitingFor = null;
};

const giveBackServer = async ({ server }: CampaignInput): Promise<void> => {
  await getExternalWorkflowHandle(workflowIds.serverLease(server))
    .signal(releaseLease, { holder: workflowInfo().workflowId })
    .catch(() => undefined); // The lease ended, or was terminated: there is nothing to give back.
};
