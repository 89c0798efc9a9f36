/** One iteration under Temporal with simulated stages, and what it cost. */
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { activitySlots } from '../../../workers/activity-slots.ts';
import type { IterationInput } from '../../../workflows/iteration-input.ts';
import type { IterationState } from '../../../workflows/iteration-state.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { type HistoryWeight, weighAllRuns, weighHistory, weighProblems } from '../../support/histories.ts';
import type { SimulatedStages } from './simulated-stages.ts';
import { type Memory, watchMemory } from './watch-memory.ts';

const workflowsPath = fileURLToPath(new URL('../../../workflows/all-workflows.ts', import.meta.url));
const bundled = bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });

export type IterationCost = {
  wallMs: number;
  /** Of this process, so of all workers: what other programs on the machine do not change. */
  cpuMs: number;
  /** Of the problem that ended last. */
  problem: HistoryWeight;
  /** Of all problems that ran. */
  problems: { count: number; mostEvents: number; mostBytes: number };
  /** The iteration's runs, oldest first. */
  runs: HistoryWeight[];
  /** What the iteration counted. */
  made: IterationState;
  /** Workflows that the workers held in their cache at once. */
  mostCached: number;
  /** Resident MiB of this process, in which all workers run. */
  memory: Memory;
};

export const runIteration = async (
  environment: TestWorkflowEnvironment,
  config: CampaignConfig,
  stages: SimulatedStages,
): Promise<IterationCost> => {
  const workflowBundle = await bundled;
  const queues = Object.entries(TASK_QUEUES) as [keyof typeof TASK_QUEUES, string][];
  const workers = await Promise.all(
    queues.map(([name, taskQueue]) =>
      Worker.create({
        connection: environment.nativeConnection,
        taskQueue,
        activities: stages,
        maxConcurrentActivityTaskExecutions: activitySlots(name, { managed: false }),
        ...(name === 'control' ? { workflowBundle } : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  const context = { campaignId: config.name, iteration: 1, seed: 1, servedModel: 'simulated' };
  let mostCached = 0;
  const memory = watchMemory(() => {
    const cached = workers.reduce((sum, worker) => sum + worker.getStatus().numCachedWorkflows, 0);
    mostCached = Math.max(mostCached, cached);
  });
  const before = process.cpuUsage();
  const begun = performance.now();
  const made = await environment.client.workflow.execute<(input: IterationInput) => Promise<IterationState>>(
    'iteration',
    {
      workflowId: workflowIds.iteration(config.name, 1),
      taskQueue: TASK_QUEUES.control,
      args: [{ context, config, heldoutIteration: null }],
    },
  );
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  const used = memory.stop();
  for (const worker of workers) worker.shutdown();
  await running;

  const { client } = environment;
  const id = workflowIds.iteration(config.name, 1);
  const last = `p${String(config.problems.count).padStart(4, '0')}`;
  return {
    wallMs,
    cpuMs: (user + system) / 1000,
    problem: await weighHistory(client, workflowIds.problem(config.name, 1, last)),
    problems: await weighProblems(client, id),
    runs: await weighAllRuns(client, id),
    made,
    mostCached,
    memory: used,
  };
};
