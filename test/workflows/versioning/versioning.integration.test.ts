/** Fault 18: version 2 of the workers, whose code differs, takes over a campaign in the middle. */
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { DEPLOYMENT, deploymentOptions } from '../../../workers/deployment.ts';
import type { CampaignOutcome } from '../../../workflows/campaign.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { fakeActivities } from '../fake-activities.ts';
import { startEnvironment } from '../workflow-environment.ts';

const NAME = 'upgraded';
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

/** A worker for workflows of one version; what it runs moves to the current version by itself. */
const versionedWorker = async (buildId: string, workflowsPath: string, activities: object): Promise<Worker> =>
  Worker.create({
    connection: environment.nativeConnection,
    taskQueue: TASK_QUEUES.control,
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
    activities,
    ...deploymentOptions(buildId),
  });

const makeCurrent = (buildId: string): Promise<unknown> =>
  // Known to the server once a worker of it has polled.
  vi.waitFor(
    () =>
      environment.client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: 'default',
        deploymentName: DEPLOYMENT,
        buildId,
        identity: 'test',
      }),
    { timeout: 30_000, interval: 200 },
  );

const patchesOf = async (problemId: string): Promise<number> => {
  const handle = environment.client.workflow.getHandle(workflowIds.problem(NAME, 1, problemId));
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter(
    ({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch',
  ).length;
};

it('goes on with open runs as they began, and new runs take the new step', async () => {
  const { activities, calls } = fakeActivities({ consensus: () => true, passAt1: () => 0.5 });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fakes = {
    ...activities,
    askForServer: async () => {
      await environment.client.workflow.getHandle(workflowIds.campaign(NAME)).signal('leaseGranted');
    },
    sampleCandidates: async (input: Parameters<typeof activities.sampleCandidates>[0]) => {
      const sampled = await activities.sampleCandidates(input);
      await released;
      return sampled;
    },
  };
  const others = await Promise.all(
    [TASK_QUEUES.model, TASK_QUEUES.sandbox, TASK_QUEUES.training].map((taskQueue) =>
      Worker.create({ connection: environment.nativeConnection, taskQueue, activities: fakes }),
    ),
  );
  const one = await versionedWorker('1', path('../../../workflows/all-workflows.ts'), fakes);
  const running = [one, ...others].map((worker) => worker.run());
  await makeCurrent('1');
  const config = CampaignConfig.parse({
    name: NAME,
    model: { base: 'base' },
    problems: { count: 6, batch: 3 },
    candidates: { count: 8, chunk: 8 },
    iterations: { max: 1 },
    concurrency: { problems: 2 },
  });
  const handle = await environment.client.workflow.start('campaign', {
    workflowId: workflowIds.campaign(NAME),
    taskQueue: TASK_QUEUES.control,
    args: [{ config, server: 'test' }],
  });
  const sampling = () => calls.filter(({ name }) => name === 'sampleCandidates').length >= 2;
  await vi.waitUntil(sampling, { timeout: 60_000, interval: 50 });

  const two = await versionedWorker('2', path('./version-two.ts'), fakes);
  running.push(two.run());
  await makeCurrent('2');
  one.shutdown();
  await running[0];
  release();

  const outcome: CampaignOutcome = await handle.result();
  expect(outcome.best.passAt1).toBe(0.5);
  const patches = [];
  for (let n = 1; n <= 6; n += 1) patches.push(await patchesOf(`p${n}`));
  expect(patches).toEqual([0, 0, 1, 1, 1, 1]);
  for (const worker of [two, ...others]) worker.shutdown();
  await Promise.all(running);
}, 120_000);
