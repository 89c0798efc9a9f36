/** `npm run bench:sandbox -- --profile`: where the CPU time of one candidate goes, for each of the bench's problems. */
import type Dockerode from 'dockerode';
import { z } from 'zod';
import { withExecutor } from './ours.ts';
import { batchOf, type Problem, readScript } from './programs.ts';
import { runScript } from './script-container.ts';

const Steps = z.array(z.tuple([z.string(), z.number(), z.number().nullable()]));
const BATCHES = 8;

/** The worker's own share, comparison included, µs of CPU time for each candidate. */
const workerShare = (docker: Dockerode, problem: Problem): Promise<number> =>
  withExecutor(docker, 1, async (executor) => {
    const batch = batchOf(problem);
    await executor.execute(batch);
    const before = process.cpuUsage();
    for (let round = 0; round < BATCHES; round += 1) await executor.execute(batch);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (BATCHES * problem.candidates.length);
  });

const profileOf = async (docker: Dockerode, problem: Problem): Promise<string[]> => {
  const { tests, candidates } = problem;
  const steps = Steps.parse(await runScript(docker, await readScript('profile.py'), { tests, candidates }));
  const rows: [string, number, number | null][] = [
    ...steps,
    ['worker: messages and comparison', await workerShare(docker, problem), null],
  ];
  return [
    `${problem.id}: one candidate, ${tests.length} tests`,
    '',
    '| step | µs of CPU time | page faults |',
    '|---|---|---|',
    ...rows.map(([step, time, faults]) => `| ${step} | ${time.toFixed(0)} | ${faults ?? ''} |`),
    '',
  ];
};

export const profile = async (docker: Dockerode, problems: readonly Problem[]): Promise<string> => {
  const parts: string[] = [];
  for (const problem of problems) parts.push(...(await profileOf(docker, problem)));
  return parts.join('\n');
};
