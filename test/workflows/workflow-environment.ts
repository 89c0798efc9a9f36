/** A real Temporal server for workflow tests, with our search attributes and a worker on every queue. */
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { temporalExecutable } from '../support/temporal.ts';

const workflowsPath = fileURLToPath(new URL('../../workflows/all-workflows.ts', import.meta.url));

const quiet = new DefaultLogger('ERROR');
Runtime.install({ logger: quiet });

export const bundleOf = (path: string) => bundleWorkflowCode({ workflowsPath: path, logger: quiet });

let bundled: ReturnType<typeof bundleOf> | undefined;

/** Made once for all tests of a file. */
const products = (): ReturnType<typeof bundleOf> => {
  bundled ??= bundleOf(workflowsPath);
  return bundled;
};

export const startEnvironment = async (): Promise<TestWorkflowEnvironment> =>
  TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: await temporalExecutable() },
      searchAttributes: Object.values(searchAttributes),
    },
  });

const untilDone = async <T>(workers: readonly Worker[], work: () => Promise<T>): Promise<T> => {
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await work();
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
};

/** Workers on every queue, or on those given, all with the same activities, while `work` runs. */
export const withWorkers = async <T>(
  environment: TestWorkflowEnvironment,
  activities: object,
  work: () => Promise<T>,
  queues: readonly string[] = Object.values(TASK_QUEUES),
  bundle?: ReturnType<typeof bundleOf>,
): Promise<T> => {
  const workflowBundle = await (bundle ?? products());
  const workers = await Promise.all(
    queues.map((taskQueue) =>
      Worker.create({
        connection: environment.nativeConnection,
        taskQueue,
        activities,
        ...(taskQueue === TASK_QUEUES.control ? { workflowBundle } : {}),
      }),
    ),
  );
  return untilDone(workers, work);
};

/** Activities on every queue while `work` runs; workflows wait for `withSteps`. */
export const withActivities = async <T>(
  { nativeConnection: connection }: TestWorkflowEnvironment,
  activities: object,
  work: () => Promise<T>,
): Promise<T> => {
  const queues = Object.values(TASK_QUEUES);
  const workers = queues.map((taskQueue) => Worker.create({ connection, taskQueue, activities }));
  return untilDone(await Promise.all(workers), work);
};

/** Workflows take their steps while `work` runs; `withActivities` is around it. */
export const withSteps = async <T>(
  { nativeConnection: connection }: TestWorkflowEnvironment,
  work: () => Promise<T>,
): Promise<T> => {
  const workflowBundle = await products();
  return untilDone(
    [await Worker.create({ connection, taskQueue: TASK_QUEUES.control, workflowBundle })],
    work,
  );
};
