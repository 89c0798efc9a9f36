import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { type Call, fakeActivities } from './fake-activities.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const config = CampaignConfig.parse({
  name: 'adaptive',
  model: { base: 'base' },
  problems: { count: 1, batch: 3 },
  candidates: { count: 8, chunk: 1, adaptive: { first: 1, risk: 0.03 } },
});

const named = (calls: readonly Call[], name: string) =>
  calls.filter((call) => call.name === name).map(({ input }) => input);

describe('adaptive sampling', () => {
  it('samples and runs the new chunks of each round only, stops, and repeats nothing after its workers are gone', async () => {
    let looked = () => {};
    const first = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const { activities, calls } = fakeActivities({
      consensus: () => true,
      passAt1: () => 0.5,
      onCall: (name) => {
        if (name === 'closeRound') looked();
      },
    });
    const context = { campaignId: config.name, iteration: 1, seed: 1, servedModel: 'base' };
    const handle = await environment.client.workflow.start('iteration', {
      workflowId: 'campaign/adaptive/iteration-1',
      taskQueue: TASK_QUEUES.control,
      args: [{ context, config, heldoutIteration: null }],
    });
    await withWorkers(environment, activities, () => first);
    const state = await withWorkers(environment, activities, () => handle.result());
    expect(named(calls, 'sampleCandidates').map(({ firstChunk, chunks }) => [firstChunk, chunks])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(named(calls, 'executeCandidates').map(({ chunks, round }) => [chunks, round])).toEqual([
      [1, { index: 0, firstChunk: 0 }],
      [2, { index: 1, firstChunk: 1 }],
    ]);
    expect(named(calls, 'closeRound').map(({ isLast, risk }) => [isLast, risk])).toEqual([
      [false, 0.03],
      [false, 0.03],
    ]);
    expect(named(calls, 'selectCandidate').map(({ chunks }) => chunks)).toEqual([2]);
    expect(state.candidates).toMatchObject({ sampled: 2, spared: 6 });
  }, 60_000);
});
