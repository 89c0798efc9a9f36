/** Somebody ends problems by hand, in the Temporal UI: nobody waits for them for ever, and they may be tried again. */
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createLeaseActivities } from '../../../activities/campaign/lease-activities.ts';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import type { IterationState } from '../../../workflows/iteration-state.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { startSteered } from '../steering/start-steered.ts';
import { bundleOf, startEnvironment, withWorkers } from '../workflow-environment.ts';
import { windowActivities } from './window-activities.ts';

const MODULE = fileURLToPath(new URL('./lost-workflows.ts', import.meta.url));

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
});
afterAll(() => environment?.teardown());

it('counts problems that were terminated or cancelled as failed, and goes on', async () => {
  const c = await startSteered(environment, 'by-hand', 'sketchInterface');
  const problem = (id: string) =>
    environment.client.workflow.getHandle(workflowIds.problem('by-hand', 1, id));
  const { records } = await withWorkers(environment, c.activities, async () => {
    await vi.waitUntil(() => c.count('sketchInterface') === 2, { timeout: 60_000 });
    await problem('p1').terminate();
    await problem('p2').cancel();
    c.open();
    await c.handle.result();
    return c.whole();
  });
  expect(records[1]?.work?.problems.outcomes).toEqual({ consensus: 4, failed: 2 });
});

it('looks after a problem that an earlier run of the iteration started', async () => {
  const total = 60;
  const { workflow } = environment.client;
  const id = workflowIds.iteration('lost', 1);
  const config = CampaignConfig.parse({
    ...{ name: 'lost', model: { base: 'base' }, problems: { count: total, batch: 20 } },
    concurrency: { problems: 4 },
  });
  const context = { campaignId: 'lost', iteration: 1, seed: 1, servedModel: 'base' };
  const activities = {
    ...windowActivities(total),
    ...createLeaseActivities({ client: environment.client, taskQueue: TASK_QUEUES.control }),
  };
  const work = async (): Promise<IterationState> => {
    const handle = await workflow.start('iteration', {
      ...{ workflowId: id, taskQueue: TASK_QUEUES.control },
      args: [{ context, config, heldoutIteration: null }],
    });
    const first = (await workflow.getHandle(id).describe()).runId;
    const isLater = async () => (await workflow.getHandle(id).describe()).runId !== first;
    await vi.waitUntil(isLater, { timeout: 60_000, interval: 20 });
    await workflow.getHandle(workflowIds.problem('lost', 1, 'p0001')).terminate();
    return handle.result();
  };
  const queues = [TASK_QUEUES.control, TASK_QUEUES.model];
  const state = await withWorkers(environment, activities, work, queues, bundleOf(MODULE));
  expect(state.open).toEqual([]);
  expect(state.outcomes).toEqual({ consensus: total - 1, failed: 1 });
}, 120_000);
