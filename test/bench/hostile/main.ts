/**
 * `npm run test:hostile [-- --candidates 2000]`: one batch of 10,000 candidates, every twentieth of them from the lists of
 * test/security. Every honest verdict must be right, no cheat may pass, and the memory of worker and containers stays.
 */
import { loadavg } from 'node:os';
import type Dockerode from 'dockerode';
import { OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import { createExecutor } from '../../../activities/sandbox/executor.ts';
import { Batch, type CandidateResult } from '../../../core/execution/batch.ts';
import { BAD_SOURCES } from '../../security/cheats/bad-sources.ts';
import { ESCAPES } from '../../security/cheats/escapes.ts';
import { FORGERIES } from '../../security/cheats/forgeries.ts';
import { LEFTOVERS } from '../../security/cheats/leftovers.ts';
import { RESOURCES } from '../../security/cheats/resources.ts';
import { withBenchEngine } from '../sandbox/engine.ts';

const given = process.argv.indexOf('--candidates');
const COUNT = given === -1 ? 10_000 : Number(process.argv[given + 1]);
const CHEAT_EVERY = 20;
/** A source of megabytes, fifty times over, would measure the disk. */
const CHEATS = [...FORGERIES, ...RESOURCES, ...ESCAPES, ...LEFTOVERS, ...BAD_SOURCES].filter(
  ({ code }) => code.length < 1_000_000,
);

type Kind = 'right' | 'wrong' | 'cheat';
const kindOf = (index: number): Kind =>
  index % CHEAT_EVERY === CHEAT_EVERY - 1 ? 'cheat' : index % 2 === 0 ? 'right' : 'wrong';

const codeOf = (index: number): string => {
  if (kindOf(index) === 'cheat') {
    const cheat = CHEATS[Math.floor(index / CHEAT_EVERY) % CHEATS.length];
    return `${cheat?.code ?? ''}\nNUMBER = ${index}\n`;
  }
  return `NUMBER = ${index}\ndef add(a, b):\n    return a ${kindOf(index) === 'right' ? '+' : '-'} b\n`;
};

const batch = (): Batch =>
  Batch.parse({
    id: 'hostile',
    language: 'python',
    tests: [
      { id: 'call', call: 'add(1, 2)', expected: '3' },
      { id: 'assert', assert: 'assert add(2, 1) == 3' },
      {
        id: 'program',
        program: 'def check(f):\n    assert f(1, 2) == 3\n    assert f(2, 2) == 4\ncheck(add)',
      },
    ],
    candidates: Array.from({ length: COUNT }, (_, index) => ({ id: `c${index}`, code: codeOf(index) })),
    limits: { testTimeoutMs: 200, candidateTimeoutMs: 1000, loadTimeoutMs: 500 },
  });

const isRight = ({ outcomes }: CandidateResult, index: number): boolean => {
  const kind = kindOf(index);
  if (kind === 'cheat') return !outcomes.includes('pass');
  return outcomes.every((outcome) => outcome === (kind === 'right' ? 'pass' : 'fail'));
};

/** MiB that the worker and its largest container hold. */
const memory = async (docker: Dockerode): Promise<string> => {
  const found = await docker.listContainers({ filters: { label: [OWNER_LABEL] } });
  const usages = await Promise.all(
    found.map(async ({ Id }) => {
      const { memory_stats } = await docker.getContainer(Id).stats({ stream: false });
      return (memory_stats.usage ?? 0) - (memory_stats.stats?.total_inactive_file ?? 0);
    }),
  ).catch(() => [0]);
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  return `worker ${mib(process.memoryUsage().rss)}, container ${mib(Math.max(0, ...usages))}`;
};

const main = (docker: Dockerode): Promise<boolean> => {
  process.stdout.write(`load ${(loadavg()[0] ?? 0).toFixed(2)}, ${COUNT} candidates\n`);
  return run(docker);
};

const run = async (docker: Dockerode): Promise<boolean> => {
  const executor = await createExecutor({ docker, containers: 2 });
  const start = performance.now();
  let finished = 0;
  const looks: Promise<void>[] = [];
  const look = async (at: number) => {
    process.stdout.write(`after ${at} candidates, MiB: ${await memory(docker)}\n`);
  };
  try {
    const matrix = await executor.execute(batch(), {
      onResult: () => {
        finished += 1;
        if (finished % (COUNT / 10) === 0) looks.push(look(finished));
      },
    });
    await Promise.all(looks);
    const faults = matrix.candidates.filter((result, index) => !isRight(result, index));
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`${seconds.toFixed(0)} s; verdicts that are not right: ${faults.length}\n`);
    for (const { id, outcomes } of faults.slice(0, 20))
      process.stdout.write(`  ${id}: ${outcomes.join(' ')}\n`);
    return faults.length === 0;
  } finally {
    await executor.close();
  }
};

if (!(await withBenchEngine(main))) process.exitCode = 1;
