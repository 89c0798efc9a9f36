/** Batches of proposals side by side, at their boundary: which are asked for, and what a pause holds. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import type { IterationState } from '../../workflows/iteration-state.ts';
import { progressQuery, steerSignal } from '../../workflows/messages.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { fakeActivities } from './fake-activities.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
});
afterAll(async () => environment?.teardown());

/** Batches of 4 of which 2 are accepted, judged only once the test lets them. */
const gatedBatches = () => {
  const proposed: { batch: number; firstIndex: number }[] = [];
  let open = false;
  const waiting: (() => void)[] = [];
  return {
    proposed,
    letGo: () => {
      open = true;
      for (const go of waiting) go();
    },
    activities: {
      proposeProblems: async (i: { batch: number; firstIndex: number; count: number }) => {
        proposed.push({ batch: i.batch, firstIndex: i.firstIndex });
        return { proposed: i.count, discarded: {}, tokens: 1, seconds: 0 };
      },
      judgeProblems: async () => {
        if (!open) await new Promise<void>((resolve) => waiting.push(resolve));
        return { accepted: 2, refined: 0, discarded: {}, scores: [0, 0, 1, 1], tokens: 1, seconds: 0 };
      },
      // What follows is another test's.
      gatherProblems: async () => ({ accepted: 0, duplicates: 0, nearDuplicates: 0, contaminated: 0 }),
    },
  };
};

it('asks at once for the batches that are wanted in any case, for none while it is held, and for none too many', async () => {
  const { proposed, letGo, activities } = gatedBatches();
  const fakes = fakeActivities({ consensus: () => true, passAt1: () => 0 }).activities;
  const config = CampaignConfig.parse({
    ...{ name: 'ahead', model: { base: 'base' }, problems: { count: 12, batch: 4 } },
  });
  const context = { campaignId: 'ahead', iteration: 1, seed: 1, servedModel: 'base' };
  const made = await withWorkers(environment, { ...fakes, ...activities }, async () => {
    const handle = await environment.client.workflow.start<(input: object) => Promise<IterationState>>(
      'iteration',
      {
        workflowId: 'campaign/ahead/iteration-1',
        taskQueue: TASK_QUEUES.control,
        args: [{ context, config, heldoutIteration: null }],
      },
    );
    const pending = async () => (await handle.describe()).raw.pendingActivities ?? [];
    const judging = async () =>
      (await pending()).filter(({ activityType }) => activityType?.name === 'judgeProblems').length;
    await vi.waitUntil(async () => (await judging()) === 3, { timeout: 60_000, interval: 50 });
    expect(proposed).toHaveLength(3);

    await handle.signal(steerSignal, { sequence: 1, paused: true, stop: null });
    letGo();
    const accepted = async () => (await handle.query(progressQuery)).done;
    await vi.waitUntil(async () => (await accepted()) === 6, { timeout: 60_000, interval: 50 });
    expect(await pending()).toEqual([]);
    await handle.signal(steerSignal, { sequence: 2, paused: false, stop: null });
    return handle.result();
  });

  // 12 accepted at 2 a batch: the same six as one after the other.
  proposed.sort((left, right) => left.batch - right.batch);
  expect(proposed).toEqual([0, 1, 2, 3, 4, 5].map((batch) => ({ batch, firstIndex: 4 * batch })));
  expect(made).toMatchObject({ batches: 6, asked: 24, proposed: 24, accepted: 12 });
});
