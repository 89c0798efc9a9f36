/** What is seen of a training job: in status, and on the pages of the fine-tune and of its campaign. */
import { Context } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { trainingTeller } from '../../activities/training/tell-training.ts';
import { campaignStatus } from '../../cli/campaign/campaign-status.ts';
import { pauseUpdate, resumeUpdate, retryUpdate } from '../../workflows/messages.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { startSteered } from './steering/start-steered.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const detailsOf = async (workflowId: string): Promise<string> => {
  const answer = await environment.client.workflow
    .getHandle(workflowId)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return answer.currentDetails ?? '';
};

it('tells steps, loss and time left; its attempts are without number', async () => {
  const c = await startSteered(environment, 'training', 'prepareHeldout');
  c.open();
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const activities = {
    ...c.activities,
    awaitFineTune: async (input: object) => {
      const tell = trainingTeller();
      for (const step of [1, 2, 20, 21]) {
        await tell({ step, total: 40, loss: 1 / step, epoch: step / 40, seconds: step });
        // Or the server keeps the later of two heartbeats to itself.
        await Context.current().sleep(1500);
      }
      await finished;
      return c.activities.awaitFineTune(input);
    },
  };
  const [campaignId, fineTuneId] = [workflowIds.campaign('training'), workflowIds.fineTune('training', 1)];
  await withWorkers(environment, activities, async () => {
    await vi.waitFor(
      async () => {
        const status = await campaignStatus(environment.client, 'training');
        expect(status).toMatchObject({ stage: 'train', done: 21, total: 40, note: 'loss 0.0476' });
        expect(status.secondsLeft).toBeGreaterThanOrEqual(0);
      },
      { timeout: 60_000, interval: 200 },
    );
    // The pages are told by twentieths.
    expect(await detailsOf(fineTuneId)).toMatch(
      /^\*\*train\*\*: 20 of 40 steps\n- Time left: about .* of train .*\n- Last loss 0\.05, epoch 0\.50$/,
    );
    expect(await detailsOf(campaignId)).toMatch(/stage train: 20 of 40\n- Time left: about .* in this stage/);
    finish();
    await c.handle.result();
    expect(await detailsOf(fineTuneId)).toBe('**trained**: 3 steps on 4 pairs\n- Last loss 0.5');
  });
  const { events } = await environment.client.workflow.getHandle(fineTuneId).fetchHistory();
  const scheduled = events?.flatMap(({ activityTaskScheduledEventAttributes: a }) => (a ? [a] : [])) ?? [];
  expect(scheduled.map(({ activityType }) => activityType?.name)).toEqual([
    ...['startFineTune', 'awaitFineTune', 'publishCheckpoint'],
  ]);
  // A full disk, a dead server or a deploy may last, and none of them is the job's fault.
  for (const { retryPolicy } of scheduled) expect(retryPolicy?.maximumAttempts ?? 0).toBe(0);
}, 180_000);

it('has the job ended by whichever worker is there, where it is paused or done again', async () => {
  const c = await startSteered(environment, 'ends-jobs', 'awaitFineTune');
  await withWorkers(environment, c.activities, async () => {
    await c.reached();
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    const stopped = () => c.calls.filter(({ name }) => name === 'stopFineTune').map(({ input }) => input);
    await vi.waitUntil(() => stopped().length === 1, { timeout: 30_000, interval: 20 });
    await c.handle.executeUpdate(resumeUpdate, { args: [{}] });
    await vi.waitUntil(() => c.count('startFineTune') === 2, { timeout: 30_000, interval: 20 });
    await c.handle.executeUpdate(retryUpdate, { args: [{ from: 'train', iteration: 1 }] });
    await vi.waitUntil(() => stopped().length === 2, { timeout: 30_000, interval: 20 });
    expect(stopped()).toEqual([{ jobId: 'job-1' }, { jobId: 'job-1' }]);
    c.open();
    await c.handle.result();
  });
}, 120_000);
