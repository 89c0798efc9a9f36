/** A worker process that a test kills: `tsx window-worker.ts <address> <problems>`. */
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { windowActivities } from './window-activities.ts';

const [address = '', problems = '0'] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const activities = windowActivities(Number(problems));
const queues = [TASK_QUEUES.control, TASK_QUEUES.model];
const workers = await Promise.all(
  queues.map((taskQueue) =>
    Worker.create({
      connection,
      taskQueue,
      activities,
      // The tasks that a killed worker had cached go to the next one at once.
      stickyQueueScheduleToStartTimeout: '1 second',
      workflowsPath: fileURLToPath(new URL('./window-workflows.ts', import.meta.url)),
    }),
  ),
);
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
