/** Runs batches on the executor and times them. */
import { spawn } from 'node:child_process';
import type Dockerode from 'dockerode';
import { createExecutor, type Executor } from '../../../activities/sandbox/executor.ts';
import { RunnerContainer } from '../../../activities/sandbox/runner-container.ts';
import type { Batch, Matrix } from '../../../core/execution/batch.ts';
import { pythonImageTag } from '../../../infra/sandbox/image.ts';
import { outsideDocker } from './outside.ts';
import { batchOf, type Problem } from './programs.ts';

export const seconds = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
};

export const withExecutor = async <T>(
  docker: Dockerode,
  containers: number,
  work: (executor: Executor) => Promise<T>,
  runtime?: string,
): Promise<T> => {
  const executor = await createExecutor({ docker, containers, runtime });
  try {
    return await work(executor);
  } finally {
    await executor.close();
  }
};

export type Rate = {
  readonly pairsPerSecond: number;
  readonly matrices: readonly Matrix[];
  readonly p99CpuMs: number;
};

export const measure = (
  docker: Dockerode,
  containers: number,
  problems: readonly Problem[],
  limits: Partial<Batch['limits']> = {},
  runtime?: string,
): Promise<Rate> => {
  const run = async (executor: Executor): Promise<Rate> => {
    const batches = problems.map((problem) => batchOf(problem, limits));
    const [first] = batches;
    // Containers are warm, as they are in a campaign.
    if (first) await executor.execute({ ...first, candidates: first.candidates.slice(0, 16) });
    const [matrices, time] = await seconds(async () => {
      const found: Matrix[] = [];
      for (const batch of batches) found.push(await executor.execute(batch));
      return found;
    });
    const pairs = batches.reduce((sum, { tests, candidates }) => sum + tests.length * candidates.length, 0);
    const cpu = matrices.flatMap(({ candidates }) => candidates.map(({ durationMs }) => durationMs));
    cpu.sort((a, b) => a - b);
    return { pairsPerSecond: pairs / time, matrices, p99CpuMs: cpu[Math.floor(cpu.length * 0.99)] ?? 0 };
  };
  return withExecutor(docker, containers, run, runtime);
};

export const measureOutside = (problems: readonly Problem[]): Promise<Rate> =>
  measure(outsideDocker(), 1, problems);

/** How long a container takes to be ready, and the memory it holds then, MiB. */
export const measureStart = async (docker: Dockerode): Promise<{ startMs: number; memoryMb: number }> => {
  const template = { image: pythonImageTag(), memoryMb: 256, uidRange: 2, cpus: 2, runtime: undefined };
  const holder = `bench:${process.pid}`;
  const [container, time] = await seconds(() => RunnerContainer.start(docker, { ...template, holder }));
  try {
    const stats = await docker.getContainer(container.id).stats({ stream: false });
    const cache = stats.memory_stats.stats?.total_inactive_file ?? 0;
    return { startMs: time * 1000, memoryMb: (stats.memory_stats.usage - cache) / 2 ** 20 };
  } finally {
    await container.remove();
  }
};

/** Requests to the engine while `work` runs. */
export const countCalls = async (docker: Dockerode, work: () => Promise<unknown>): Promise<string[]> => {
  const calls: string[] = [];
  const modem = docker.modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) => {
    calls.push(`${options.method} ${options.path}`);
    return dial(options, callback);
  };
  try {
    await work();
  } finally {
    modem.dial = dial;
  }
  return calls;
};

/** Keeps both cores busy while `work` runs. */
export const underLoad = async <T>(work: () => Promise<T>): Promise<T> => {
  const spinners = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  try {
    return await work();
  } finally {
    for (const spinner of spinners) spinner.kill('SIGKILL');
  }
};
