/** Fault 23: code of a workflow throws. Its steps are tried again until a deploy mends it; other campaigns go on. */
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { waitingFor } from '../../../cli/campaign/waiting-for.ts';
import { CampaignConfig, ProblemsConfig } from '../../../core/config/campaign-config.ts';
import type { IterationInput } from '../../../workflows/iteration-input.ts';
import type { IterationState } from '../../../workflows/iteration-state.ts';
import { progressQuery } from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { simulatedModel } from '../../bench/scale/simulated-model.ts';
import { NONE, simulatedStages } from '../../bench/scale/simulated-stages.ts';
import { startEnvironment } from '../workflow-environment.ts';

const problems = ProblemsConfig.parse({ count: 6 });
const activities = simulatedStages({ problems }, simulatedModel(1), NONE);
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const controlWorker = async (workflowInterceptorModules: string[]): Promise<Worker> =>
  Worker.create({
    connection: environment.nativeConnection,
    taskQueue: TASK_QUEUES.control,
    activities,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: path('../../../workflows/all-workflows.ts'),
      workflowInterceptorModules,
      logger: new DefaultLogger('ERROR'),
    }),
  });

type Iteration = (input: IterationInput) => Promise<IterationState>;

const startIteration = (campaignId: string): Promise<WorkflowHandle<Iteration>> => {
  const config = CampaignConfig.parse({
    name: campaignId,
    model: { base: 'simulated' },
    problems,
    concurrency: { problems: 3 },
  });
  const context = { campaignId, iteration: 1, seed: 1, servedModel: 'simulated' };
  return environment.client.workflow.start<Iteration>('iteration', {
    workflowId: workflowIds.iteration(campaignId, 1),
    taskQueue: TASK_QUEUES.control,
    args: [{ context, config, heldoutIteration: null }],
  });
};

it('holds what it hits until a deploy mends it, and nothing else', async () => {
  const others = await Promise.all(
    [TASK_QUEUES.model, TASK_QUEUES.sandbox].map((taskQueue) =>
      Worker.create({ connection: environment.nativeConnection, taskQueue, activities }),
    ),
  );
  const buggy = await controlWorker([path('./buggy-deploy.ts')]);
  const running = [buggy, ...others].map((worker) => worker.run());
  const unlucky = await startIteration('unlucky');
  const problem = environment.client.workflow.getHandle(workflowIds.problem('unlucky', 1, 'p0001'));
  const failedOften = async () => {
    const { raw } = await problem.describe().catch(() => ({ raw: undefined }));
    return (raw?.pendingWorkflowTask?.attempt ?? 0) >= 3;
  };
  await vi.waitUntil(failedOften, { timeout: 120_000, interval: 100 });

  // What `ucoder status` says meanwhile.
  expect(await waitingFor(environment.client, [await problem.describe()], [])).toMatch(
    /^the code of campaign\/unlucky\/iteration-1\/p0001 fails \(attempt \d+\): a planted bug; /,
  );

  const lucky = await startIteration('lucky');
  expect((await lucky.result()).finished).toBe(problems.count);
  expect(await unlucky.query(progressQuery)).toMatchObject({
    stage: 'solve',
    done: 0,
    total: problems.count,
  });
  const { events } = await problem.fetchHistory();
  const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed?.failure?.message ? [failed.failure.message] : [],
  );
  expect(new Set(failures)).toEqual(new Set(['a planted bug']));

  buggy.shutdown();
  await running[0];
  const mended = await controlWorker([]);
  running.push(mended.run());
  const { finished, outcomes } = await unlucky.result();
  expect({ finished, outcomes }).toEqual({
    finished: problems.count,
    outcomes: { consensus: problems.count },
  });
  for (const worker of [mended, ...others]) worker.shutdown();
  await Promise.all(running);
}, 300_000);
