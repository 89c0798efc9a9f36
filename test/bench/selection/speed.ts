/** How long selection takes, in CPU time: other processes of the machine do not count. */
import { SelectionConfig } from '../../../core/config/selection-config.ts';
import { markdownTable } from '../../../core/report/markdown-table.ts';
import { measureMatrix, selectMeasured } from '../../../core/selection/select.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { STRONGER_MODEL } from './population-model.ts';
import { simulateProblem } from './simulate-problem.ts';

/** So many cells as the different problems have together that are looked at in turn: no cache holds the answer. */
const DISTINCT_CELLS = 64 * 128 * 100;

const distinct = (candidates: number, tests: number): number =>
  Math.min(64, Math.ceil(DISTINCT_CELLS / (candidates * tests)));

/** Of a problem; the larger ones less often. */
const roundsOf = (candidates: number, tests: number): number =>
  Math.ceil(4000 / Math.max(1, (candidates * tests) / 12_800));

const policyWith = (signature: 'outcome' | 'output') => ({
  ...SelectionConfig.parse({ signature }),
  seed: 0,
});

/** As they come from a file: texts of their own, not shared with the simulation. */
const matricesOf = (candidates: number, tests: number): SelectionMatrix[] =>
  Array.from({ length: distinct(candidates, tests) }, (_, index) =>
    JSON.parse(JSON.stringify(simulateProblem({ ...STRONGER_MODEL, candidates, tests }, 7, index).matrix)),
  );

const microseconds = (rounds: number, run: (round: number) => void): number => {
  for (let round = 0; round < rounds / 4; round += 1) run(round);
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) run(round);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
};

const pick = <T>(values: readonly T[], round: number): T => {
  const value = values[round % values.length];
  if (value === undefined) throw new RangeError('Nothing to pick from.');
  return value;
};

export const speedTable = (): string => {
  const rows: string[][] = [];
  for (const signature of ['outcome', 'output'] as const) {
    const policy = policyWith(signature);
    for (const [candidates, tests] of [
      [32, 100],
      [64, 100],
      [128, 100],
      [128, 50],
      [128, 25],
      [1024, 100],
      [128, 1000],
    ] as const) {
      const matrices = matricesOf(candidates, tests);
      const measured = matrices.map((matrix) => measureMatrix(matrix, policy));
      const rounds = roundsOf(candidates, tests);
      const signing = microseconds(rounds, (round) => void measureMatrix(pick(matrices, round), policy));
      const choosing = microseconds(rounds, (round) => void selectMeasured(pick(measured, round), policy));
      rows.push([`${candidates} × ${tests}, ${signature}`, signing.toFixed(0), choosing.toFixed(0)]);
    }
  }
  return markdownTable(['problem', 'signatures, µs', 'selection from them, µs'], rows);
};

export type Streamed = { problems: number; seconds: number; heapGrowthMb: number };

/** Where a problem begins: at its matrix, or where its signatures exist, as the goal of 50 µs counts. */
export const STREAM_STARTS = ['outcomes', 'signatures'] as const;
export type StreamStart = (typeof STREAM_STARTS)[number];

/** Selects problem after problem; what is left on the heap at the end beyond what was there at a tenth. */
export const stream = (start: StreamStart, problems: number, candidates: number, tests: number): Streamed => {
  const policy = policyWith('outcome');
  const matrices = matricesOf(candidates, tests);
  const measured = matrices.map((matrix) => measureMatrix(matrix, policy));
  const next = (problem: number) =>
    start === 'outcomes' ? measureMatrix(pick(matrices, problem), policy) : pick(measured, problem);
  const before = process.cpuUsage();
  let heapAtTenth = 0;
  let decided = 0;
  for (let problem = 0; problem < problems; problem += 1) {
    if (problem === Math.floor(problems / 10)) heapAtTenth = usedHeap();
    if (selectMeasured(next(problem), policy).selected !== null) decided += 1;
  }
  const { user, system } = process.cpuUsage(before);
  if (decided === 0) throw new Error('No problem was decided: the stream measures nothing.');
  return {
    problems,
    seconds: (user + system) / 1e6,
    heapGrowthMb: (usedHeap() - heapAtTenth) / 2 ** 20,
  };
};

/** After a collection where Node runs with --expose-gc. */
const usedHeap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
