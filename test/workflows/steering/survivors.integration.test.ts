/** Problems that outlive the campaign which started them, and a problem whose fault is everybody's. */
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pauseUpdate, reportQuery } from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

it('fails where a problem meets a fault that would hit every problem alike', async () => {
  const c = await startSteered(
    environment,
    'no-such-model',
    'sketchInterface',
    {},
    {
      onCall: (name, { problemId }) => {
        if (name === 'writeTests' && problemId === 'p2')
          throw ApplicationFailure.nonRetryable('no such model', 'model-missing');
      },
    },
  );
  c.open();
  await withWorkers(environment, c.activities, async () => {
    const failure = await c.handle.result().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(String((failure as WorkflowFailedError).cause?.cause)).toContain('no such model');
  });
});

it('lets problems go on that were held when their campaign was terminated, once it is started again', async () => {
  const name = 'terminated-in-a-pause';
  const c = await startSteered(environment, name, 'sketchInterface');
  const { records } = await withWorkers(environment, c.activities, async () => {
    await vi.waitUntil(() => c.count('sketchInterface') === 2, { timeout: 60_000 });
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    await c.told();
    c.open();
    await c.handle.terminate();
    const again = await environment.client.workflow.start('campaign', {
      ...{ workflowId: workflowIds.campaign(name), taskQueue: TASK_QUEUES.control },
      args: [{ config: c.config, server: 'test' }],
    });
    await again.result();
    return environment.client.workflow.getHandle(again.workflowId).query(reportQuery);
  });
  expect(records[1]?.work?.problems.outcomes).toEqual({ consensus: 6 });
});
