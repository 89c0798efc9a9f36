/** One iteration under Temporal with simulated stages, and what it cost. */
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { CampaignConfig } from '../../../core/config/campaign-config.ts';
import type { IterationInput } from '../../../workflows/iteration.ts';
import type { IterationState } from '../../../workflows/iteration-state.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { weighAllRuns, weighHistory } from '../../support/histories.ts';
import type { SimulatedStages } from './simulated-stages.ts';
import { watchMemory } from './watch-memory.ts';

const workflowsPath = fileURLToPath(new URL('../../../workflows/all-workflows.ts', import.meta.url));
const bundled = bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });

/** Activities at once: the model's queue holds more than the server has slots, so that no slot waits for us. */
const ACTIVITIES = { control: 50, model: 24, sandbox: 16, training: 1 } as const;

export type IterationCost = {
  wallMs: number;
  /** Of this process, so of all workers: what other programs on the machine do not change. */
  cpuMs: number;
  /** A problem's own history. */
  events: number;
  bytes: number;
  /** What it adds to its iteration's. */
  parentEvents: number;
  parentBytes: number;
  /** Of the iteration's runs. */
  runs: number;
  mostEvents: number;
  mostBytes: number;
  /** Of any run that was weighed. */
  largestPayload: number;
  /** Problems whose end was counted. */
  finished: number;
  /** Resident MiB of this process, in which all workers run: medians of the second and of the last quarter. */
  memory: { early: number; late: number };
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
        maxConcurrentActivityTaskExecutions: ACTIVITIES[name],
        ...(name === 'control' ? { workflowBundle } : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  const context = { campaignId: config.name, iteration: 1, seed: 1, servedModel: 'simulated' };
  const memory = watchMemory();
  const before = process.cpuUsage();
  const begun = performance.now();
  const { finished } = await environment.client.workflow.execute<
    (input: IterationInput) => Promise<IterationState>
  >('iteration', {
    workflowId: workflowIds.iteration(config.name, 1),
    taskQueue: TASK_QUEUES.control,
    args: [{ context, config, heldoutIteration: null }],
  });
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  const used = memory.stop();
  for (const worker of workers) worker.shutdown();
  await running;

  const { client } = environment;
  const runs = await weighAllRuns(client, workflowIds.iteration(config.name, 1));
  const last = `p${String(config.problems.count).padStart(4, '0')}`;
  const problem = await weighHistory(client, workflowIds.problem(config.name, 1, last));
  const total = (of: 'events' | 'bytes') => runs.reduce((sum, run) => sum + run[of], 0);
  return {
    wallMs,
    cpuMs: (user + system) / 1000,
    events: problem.events,
    bytes: problem.bytes,
    parentEvents: total('events') / config.problems.count,
    parentBytes: total('bytes') / config.problems.count,
    runs: runs.length,
    mostEvents: Math.max(...runs.map(({ events }) => events)),
    mostBytes: Math.max(...runs.map(({ bytes }) => bytes)),
    largestPayload: Math.max(...[problem, ...runs].map(({ largestPayload }) => largestPayload)),
    finished,
    memory: used,
  };
};
