/** A worker process: polls the queues it was given until it is told to stop, then hands back what it holds. */
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { messageOf, UcoderError } from '../core/errors.ts';
import { readEnvironment } from '../infra/environment.ts';
import type { Connections } from '../infra/stack/connections.ts';
import { type QueueName, TASK_QUEUES } from '../workflows/task-queues.ts';
import { activitySlots } from './activity-slots.ts';
import { deploymentOptions } from './deployment.ts';
import { FailureInterceptor } from './failure-interceptor.ts';
import { FaultRecorder } from './fault-recorder.ts';
import { activitiesFor, type WorkerActivities } from './queue-activities.ts';

/** Work in flight may finish this long after SIGTERM; what lasts longer is cancelled and taken up by its next attempt. */
const GRACE = '10 seconds';

export type RunWorkerOptions = {
  queues: readonly QueueName[];
  connections: Connections;
  /** Activities at once on each queue, for more hardware than a laptop’s. */
  concurrency?: number;
  onReady?: () => void;
};

/** Resolves after a clean shutdown (SIGTERM, SIGINT); rejects where a worker failed. */
export const runWorker = async ({
  queues,
  connections,
  concurrency,
  onReady,
}: RunWorkerOptions): Promise<void> => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const connection = await connect(connections);
  const opened: WorkerActivities[] = [];
  try {
    const workers: Worker[] = [];
    for (const queue of queues) {
      const activities = await activitiesFor(queue, connections);
      opened.push(activities);
      workers.push(
        await Worker.create(workerOptions(queue, activities, connection, connections, concurrency)),
      );
    }
    onReady?.();
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await Promise.allSettled(opened.map((activities) => activities.close()));
    await connection.close();
  }
};

const connect = async ({ temporal }: Connections): Promise<NativeConnection> => {
  try {
    return await NativeConnection.connect(temporal.connectionOptions);
  } catch (cause) {
    throw new UcoderError(
      'service-unavailable',
      `No Temporal server answers at ${temporal.address}: ${messageOf(cause)}.`,
      { cause },
    );
  }
};

const workerOptions = (
  queue: QueueName,
  { activities, store }: WorkerActivities,
  connection: NativeConnection,
  { temporal, model }: Connections,
  concurrency: number | undefined,
): WorkerOptions => ({
  connection,
  namespace: temporal.namespace,
  taskQueue: TASK_QUEUES[queue],
  activities,
  // Workflows run beside the bucket’s activities only: one bundle, one cache.
  ...(queue === 'control'
    ? { workflowsPath: fileURLToPath(new URL('../workflows/all-workflows.ts', import.meta.url)) }
    : {}),
  maxConcurrentActivityTaskExecutions: concurrency ?? activitySlots(queue, model),
  shutdownGraceTime: GRACE,
  ...(queue === 'control' ? deploymentOptions(readEnvironment().buildId) : {}),
  interceptors: {
    // The recorder is the outer one: it sees failures as they leave.
    activity: [
      ({ info }) => ({ inbound: new FaultRecorder(store, info) }),
      () => ({ inbound: new FailureInterceptor() }),
    ],
    workflowModules: [...readEnvironment().workflowModules],
  },
});
