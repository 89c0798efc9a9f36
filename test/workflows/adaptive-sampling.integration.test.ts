import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { weighAllRuns } from '../support/histories.ts';
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
    expect(state).toMatchObject({ candidates: { sampled: 2, spared: 6 }, executed: 6, shared: 1 });
  }, 60_000);

  it('spreads many rounds over runs that stay small, and goes through each once', async () => {
    const everything = CampaignConfig.parse({
      ...{ name: 'adaptive-to-the-end', model: { base: 'base' }, problems: { count: 1, batch: 3 } },
      candidates: { count: 128, chunk: 8, adaptive: { first: 16 } },
    });
    const { activities, calls } = fakeActivities({ consensus: () => true, passAt1: () => 0.5 });
    const never = { ...activities, closeRound: async () => ({ stop: null, seconds: 0.01 }) };
    const context = { campaignId: everything.name, iteration: 1, seed: 1, servedModel: 'base' };
    const workflowId = 'campaign/adaptive-to-the-end/iteration-1';
    const state = await withWorkers(environment, never, () =>
      environment.client.workflow.execute('iteration', {
        ...{ workflowId, taskQueue: TASK_QUEUES.control },
        args: [{ context, config: everything, heldoutIteration: null }],
      }),
    );
    expect(named(calls, 'sketchInterface')).toHaveLength(1);
    expect(named(calls, 'executeCandidates').map(({ chunks, round }) => [chunks, round])).toEqual(
      [0, 2, 3, 4, 6, 8, 12].map((firstChunk, index, firsts) => [
        firsts[index + 1] ?? 16,
        { index, firstChunk },
      ]),
    );
    expect(named(calls, 'selectCandidate').map(({ chunks }) => chunks)).toEqual([16]);
    expect(state.candidates).toMatchObject({ sampled: 128, spared: 0 });
    const runs = await weighAllRuns(environment.client, `${workflowId}/p1`);
    expect(runs).toHaveLength(4);
    for (const { activities: types, events, bytes } of runs) {
      const count = Object.values(types).reduce((sum, times) => sum + times, 0);
      console.info(`${count} activities, ${events} events, ${bytes} bytes`);
      expect(count).toBeLessThanOrEqual(16);
      expect(events).toBeLessThanOrEqual(100);
      expect(bytes).toBeLessThanOrEqual(64 * 1024);
    }
  }, 60_000);
});
