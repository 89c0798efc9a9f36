/** `up`, `down`, `ps` and `worker`: the local stack and its processes. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readEnvironment } from '../../infra/environment.ts';
import { resolveConnections } from '../../infra/stack/connections.ts';
import { down } from '../../infra/stack/down.ts';
import { ps } from '../../infra/stack/ps.ts';
import { runWorker } from '../../workers/run-worker.ts';
import { type QueueName, TASK_QUEUES } from '../../workflows/task-queues.ts';
import { printJson, table } from '../output.ts';
import { showUp } from '../show-up.ts';

const queueNames = Object.keys(TASK_QUEUES) as QueueName[];

const queues = (text: string): QueueName[] =>
  text.split(',').map((name) => {
    const queue = queueNames.find((known) => known === name.trim());
    if (!queue)
      throw new InvalidArgumentError(`There is no queue ${name}. Queues: ${queueNames.join(', ')}.`);
    return queue;
  });

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
};

export const addStackCommands = (program: Command): void => {
  program
    .command('up')
    .description(
      'Check the machine, install what is missing and start the local stack; what runs already is kept.',
    )
    .action(async () => {
      await showUp(readEnvironment());
    });

  program
    .command('down')
    .description('Stop the local stack. Its data stays.')
    .action(async () => {
      await down(readEnvironment());
      process.stdout.write('The local stack is stopped; its data stays in place.\n');
    });

  program
    .command('ps')
    .description('List what `ucoder up` runs.')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const services = await ps(readEnvironment());
      if (json) return printJson(services);
      if (services.length === 0) process.stdout.write('Nothing runs. Start the local stack: npx ucoder up\n');
      else
        process.stdout.write(
          table(
            ['name', 'role', 'pid', 'address', 'healthy'],
            services.map((s) => [
              s.name,
              s.role,
              String(s.pid ?? '-'),
              s.address ?? '-',
              s.resting === undefined ? (s.healthy ? 'yes' : 'NO') : `rests: ${s.resting}`,
            ]),
          ),
        );
    });

  program
    .command('worker')
    .description('Run a worker process until it is told to stop.')
    .addOption(
      new Option('--queues <names>', `comma-separated: ${queueNames.join(', ')}`)
        .argParser(queues)
        .makeOptionMandatory(),
    )
    .option('--concurrency <n>', 'activities at once on each queue', positive)
    .action(async (options: { queues: QueueName[]; concurrency?: number }) => {
      const connections = await resolveConnections(readEnvironment());
      await runWorker({
        ...options,
        connections,
        onReady: () => process.stdout.write(`Worker serves ${options.queues.join(', ')}.\n`),
      });
    });
};
