/** A paused campaign needs no model server: ours is stopped, and is back before anything goes on. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createQuietActivities } from '../../../activities/campaign/quiet-activities.ts';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { pauseUpdate, resumeUpdate } from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { fakeActivities } from '../fake-activities.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

/** A campaign whose sketches and whose model server each wait until they are let go. */
const start = async (name: string, serving: object = {}) => {
  const fakes = fakeActivities({ consensus: () => true, passAt1: (n) => 0.1 * n });
  const [sketching, waking] = [gate(), gate()];
  const activities = {
    ...fakes.activities,
    ...createQuietActivities({
      ...{ client: environment.client, modelQueue: TASK_QUEUES.model, pollMs: 200 },
    }),
    askForServer: async () => {
      await environment.client.workflow.getHandle(workflowIds.campaign(name)).signal('leaseGranted');
    },
    sketchInterface: async (input: Parameters<typeof fakes.activities.sketchInterface>[0]) => {
      const measures = await fakes.activities.sketchInterface(input);
      await sketching.opened;
      return measures;
    },
    wakeModelServer: async () => {
      await fakes.activities.wakeModelServer({});
      await waking.opened;
    },
  };
  const config = CampaignConfig.parse({
    ...{ name, model: { base: 'base' }, problems: { count: 6, batch: 3 }, serving },
    ...{ candidates: { count: 8, chunk: 4 }, iterations: { max: 1 }, concurrency: { problems: 2 } },
  });
  const { workflowId } = await environment.client.workflow.start('campaign', {
    ...{ workflowId: workflowIds.campaign(name), taskQueue: TASK_QUEUES.control },
    args: [{ config, server: name }],
  });
  const handle = environment.client.workflow.getHandle(workflowId);
  const count = (activity: string) => fakes.calls.filter((call) => call.name === activity).length;
  const called = (activity: string, times = 1) =>
    vi.waitUntil(() => count(activity) >= times, { timeout: 60_000, interval: 50 });
  return { handle, activities, sketching, waking, count, called };
};

const moment = () => new Promise((resolve) => setTimeout(resolve, 1500));

it('is stopped once nothing is in flight, and nothing goes on before it is back', async () => {
  const c = await start('resting');
  await withWorkers(environment, c.activities, async () => {
    await c.called('sketchInterface', 2);
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    await moment();
    expect(c.count('restModelServer')).toBe(0);
    c.sketching.open();
    await c.called('restModelServer');
    await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    await c.called('wakeModelServer');
    await moment();
    expect(c.count('writeTests')).toBe(0);
    c.waking.open();
    await c.handle.result();
  });
  expect(c.count('restModelServer')).toBe(1);
  expect(c.count('selectCandidate')).toBe(6);
}, 120_000);

it('goes on running where the campaign is resumed before all is quiet', async () => {
  const c = await start('short-pause');
  await withWorkers(environment, c.activities, async () => {
    await c.called('sketchInterface', 2);
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    c.sketching.open();
    await c.handle.result();
  });
  expect([c.count('restModelServer'), c.count('wakeModelServer')]).toEqual([0, 0]);
}, 120_000);

it('is left alone where it is the user’s own', async () => {
  const c = await start('theirs', { mode: 'command', command: 'serve' });
  await withWorkers(environment, c.activities, async () => {
    await c.called('sketchInterface', 2);
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    c.sketching.open();
    await moment();
    await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    await c.handle.result();
  });
  expect(c.count('restModelServer')).toBe(0);
}, 120_000);
