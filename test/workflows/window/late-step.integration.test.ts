/** What ends while an iteration waits for its own next step is not waited for afterwards. */
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import type { IterationState } from '../../../workflows/iteration-state.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { startEnvironment } from '../workflow-environment.ts';
import { windowActivities } from './window-activities.ts';

const MODULE = fileURLToPath(new URL('./late-step-workflows.ts', import.meta.url));

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
});
afterAll(() => environment?.teardown());

it('goes on where the last problem ended before it was seen to start', async () => {
  const total = 2;
  const workers = await Promise.all(
    [TASK_QUEUES.control, TASK_QUEUES.model].map((taskQueue) =>
      Worker.create({
        connection: environment.nativeConnection,
        taskQueue,
        activities: windowActivities(total),
        workflowsPath: MODULE,
        interceptors: { workflowModules: [MODULE] },
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    const config = CampaignConfig.parse({
      name: 'late',
      model: { base: 'base' },
      problems: { count: total, batch: 20 },
    });
    const context = { campaignId: 'late', iteration: 1, seed: 1, servedModel: 'base' };
    const state: IterationState = await environment.client.workflow.execute('iteration', {
      workflowId: 'campaign/late/iteration-1',
      taskQueue: TASK_QUEUES.control,
      args: [{ context, config, heldoutIteration: null }],
    });
    expect(state.finished).toBe(total);
    expect(state.open).toEqual([]);
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
});
