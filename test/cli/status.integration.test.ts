/** "Why is it waiting?", asked of real workflows that wait for each of the things that they can wait for. */
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createLeaseActivities } from '../../activities/campaign/lease-activities.ts';
import { type CampaignStatus, campaignStatus } from '../../cli/campaign/campaign-status.ts';
import { steerCampaign } from '../../cli/campaign/steer-campaign.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { pauseUpdate } from '../../workflows/messages.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { fakeActivities } from '../workflows/fake-activities.ts';
import { startEnvironment, withWorkers } from '../workflows/workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const fakes = () => fakeActivities({ consensus: () => true, passAt1: () => 0.5 }).activities;
const granting = (name: string) => ({
  ...fakes(),
  askForServer: async () => {
    await environment.client.workflow.getHandle(workflowIds.campaign(name)).signal('leaseGranted');
  },
});

const start = (name: string, settings: object = {}) => {
  const config = CampaignConfig.parse({
    ...{ name, model: { base: 'base' }, problems: { count: 3, batch: 3 }, iterations: { max: 1 } },
    candidates: { count: 4, chunk: 4 },
    ...settings,
  });
  return environment.client.workflow.start('campaign', {
    ...{ workflowId: workflowIds.campaign(name), taskQueue: TASK_QUEUES.control },
    args: [{ config, server: 'one server' }],
  });
};

const statusOf = (name: string): Promise<CampaignStatus> => campaignStatus(environment.client, name);

/** The first status that waits for what is expected. */
const waits = (name: string, expected: RegExp): Promise<CampaignStatus> =>
  vi.waitFor(
    async () => {
      const status = await statusOf(name);
      expect(status.waitingFor).toMatch(expected);
      return status;
    },
    { timeout: 60_000, interval: 200 },
  );

// The first one: the server remembers for a while who polled.
it('names the queue that no worker serves, and says so where nobody answers at all', async () => {
  const controls = () => start('unserved').then(() => waits('unserved', /no worker serves/));
  const status = await withWorkers(environment, granting('unserved'), controls, [TASK_QUEUES.control]);
  expect(status.waitingFor).toBe('no worker serves the queue ucoder-model; see npx ucoder ps');
  // Pollers that went are not seen as workers, nor does the place get lost that the server remembers.
  const silent = await statusOf('unserved');
  expect(silent.waitingFor).toMatch(/ucoder-control (does not answer|; see)|queue ucoder-control/);
  expect(silent).toMatchObject({ state: 'running', iteration: 0, stage: 'serve' });
  const asked = steerCampaign(environment.client, 'unserved', 'pause', { by: 'ann' }, 2000);
  await expect(asked).rejects.toMatchObject({
    ...{ code: 'service-unavailable', message: expect.stringContaining('no worker takes its requests') },
  });
}, 120_000);

it('names the step that fails, its attempt, the next one and the last error', async () => {
  const activities = {
    ...granting('failing'),
    sketchInterface: () => {
      throw ApplicationFailure.retryable('The model server does not answer.', 'model-unavailable');
    },
  };
  await withWorkers(environment, activities, async () => {
    const handle = await start('failing');
    const status = await waits(
      'failing',
      /^sketchInterface of campaign\/failing\/iteration-1\/p\d is tried again \(attempt [3-9].* after: The model server does not answer\.$/,
    );
    expect(status).toMatchObject({ state: 'running', stage: 'solve', done: 0, total: 3 });
    expect(status.pending.map(({ activity }) => activity)).toContain('sketchInterface');
    // Held by a person: that comes before what fails meanwhile, which is listed still.
    await environment.client.workflow
      .getHandle(handle.workflowId)
      .executeUpdate(pauseUpdate, { args: [{ by: 'ann', reason: 'the power is needed.' }] });
    const paused = await waits('failing', /^paused by ann: the power is needed; npx ucoder resume failing$/);
    expect(paused).toMatchObject({ state: 'paused', secondsLeft: null });
    expect(paused.pending.map(({ lastError }) => lastError)).toContain('The model server does not answer.');
    await environment.client.workflow.getHandle(handle.workflowId).terminate();
    expect(await statusOf('failing')).toMatchObject({ state: 'stopped', waitingFor: null });
  });
}, 120_000);

it('names the budget that is spent and how to raise it, and the campaign that holds the model server', async () => {
  const lease = createLeaseActivities({ client: environment.client, taskQueue: TASK_QUEUES.control });
  await withWorkers(environment, { ...fakes(), ...lease }, async () => {
    await start('first', { evaluation: [{ benchmark: 'humaneval', limit: 20 }], budget: { tokens: 5 } });
    const spent = await waits('first', /^paused by budget: The budget of 5 tokens is spent/);
    expect(spent.waitingFor).toContain(
      'npx ucoder retune first --set budget.…, then npx ucoder resume first',
    );
    await start('second');
    await waits('second', /^another campaign holds the model server: first$/);
  });
}, 120_000);

it('says why a campaign failed', async () => {
  const activities = {
    ...granting('lost'),
    serveCheckpoint: () => {
      throw ApplicationFailure.nonRetryable('The server offers no model base.', 'model-missing');
    },
  };
  await withWorkers(environment, activities, async () => {
    const handle = await start('lost');
    await expect(handle.result()).rejects.toThrow();
    const status = await statusOf('lost');
    expect(status).toMatchObject({ state: 'failed', reason: 'The server offers no model base.' });
  });
}, 120_000);
