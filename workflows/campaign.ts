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
  isCancellation,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { type BestIteration, decideNext, type NextStep } from '../core/campaign/decide-next.ts';
import type { IterationRecord } from '../core/report/iteration-record.ts';
import { report } from './activity-proxies.ts';
import {
  type CampaignInput,
  type CampaignState,
  emptyCampaignState,
  enter,
  scores,
} from './campaign-state.ts';
import { giveBackServer, holdServer } from './hold-server.ts';
import { improve } from './improve.ts';
import { measure } from './measure.ts';
import { leaseGranted, progressQuery, reportQuery } from './messages.ts';
import { searchAttributes } from './search-attributes.ts';
import { serve } from './serve.ts';

export type CampaignOutcome = { best: BestIteration; reason: string };

export async function campaign(input: CampaignInput): Promise<CampaignOutcome> {
  const state = input.state ?? emptyCampaignState(Date.now());
  setHandler(progressQuery, () => state.progress);
  setHandler(reportQuery, () => ({ config: input.config, records: state.records, ended: state.ended }));
  setHandler(leaseGranted, () => {
    state.holdsServer = true;
  });
  try {
    await holdServer(input, state);
    const next = decideNext(scores(state), input.config.iterations);
    if (state.records.length === 0) await measureBase(input, state);
    else if (next.continue) await improve(input, state, next.from);
    else return await finish(input, state, next);
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
  const record: IterationRecord = { n: 0, evaluation: [], stages: {} };
  state.records.push(record);
  const { context } = await serve(input, state, record, 'base', 0);
  await measure(input, state, record, context);
};

/** The end: the best checkpoint is served again, the last report is written, the server is free. */
const finish = async (
  input: CampaignInput,
  state: CampaignState,
  { from, best, reason }: NextStep,
): Promise<CampaignOutcome> => {
  const { config } = input;
  const last = state.records.at(-1);
  if (last) await serve(input, state, last, from, last.n);
  state.ended = { best, reason };
  enter(state, last?.n ?? 0, 'report');
  await report.writeReport({ campaignId: config.name, ...reportOf(input, state) });
  enter(state, last?.n ?? 0, 'completed');
  upsertSearchAttributes([{ key: searchAttributes.state, value: 'completed' }]);
  await giveBackServer(input);
  return { best, reason };
};

const reportOf = ({ config }: CampaignInput, { records, ended }: CampaignState) => ({
  config,
  records,
  ended,
});
