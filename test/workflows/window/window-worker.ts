/** A worker process that a test kills: `tsx window-worker.ts <address> <problems>`. */
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { summariseConsensus } from '../../../core/selection/consensus-summary.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';

const [address = '', problems = '0'] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const total = Number(problems);
const ids = Array.from({ length: total }, (_, index) => `p${String(index + 1).padStart(4, '0')}`);
const step = { tokens: 1, seconds: 0 };
const activities = {
  proposeProblems: async ({ count }: { count: number }) => ({ proposed: count, discarded: {}, ...step }),
  judgeProblems: async () => ({ accepted: 20, refined: 0, discarded: {}, scores: [1], ...step }),
  gatherProblems: async () => ({
    accepted: total,
    duplicates: 0,
    nearDuplicates: 0,
    contaminated: 0,
    seconds: 0,
  }),
  acceptedPage: async (i: { from: number; size: number }) => ids.slice(i.from, i.from + i.size),
  gatherResults: async () => ({ problems: total, seconds: 0 }),
  summariseConsensus: async () => ({ ...summariseConsensus([]), seconds: 0 }),
};
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
