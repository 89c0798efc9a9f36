/**
 * The runner's side of a batch, without a container: what a program does on each test is known, and time and limits
 * are counted as supervision.py counts them. For tests of the rules about order, budgets and early exits.
 */
import { LimitsConfig } from '../../../core/config/campaign-config.ts';
import type { CandidateResult } from '../../../core/execution/batch.ts';
import {
  CandidateProgress,
  type EndReason,
  judgesFor,
  type Run,
} from '../../../core/execution/candidate-progress.ts';
import { wholeRows } from '../../../core/execution/earlier-rows.ts';
import { type EarlyExit, learnEarlyExit, learningWaves } from '../../../core/execution/early-exit.ts';
import type { PreparedTest } from '../../../core/execution/prepared-test.ts';
import { candidateResult } from '../../../core/execution/results.ts';

/** What a program does on one test: a value (1 is right), or the way in which it ends. */
export type Deed = { does: number | 'error' | 'crash' | 'timeout' | 'breach'; cpuMs: number };
export type Program = readonly Deed[];

export const LIMITS = LimitsConfig.parse({ testTimeoutMs: 100, candidateTimeoutMs: 400 });

/** A call whose right answer is 1. */
export const callTest = (id: string): PreparedTest => ({
  id,
  kind: 'call',
  source: 'f()',
  needed: null,
  judgement: {
    match: 'equal',
    expected: { type: 'int', value: 1n },
    tolerance: undefined,
    showsOutput: true,
  },
});

const candidateId = (position: number): string => `c${String(position).padStart(2, '0')}`;

export type Executed = { tests: string[]; candidates: CandidateResult[]; runs: number };

/** Without `minReliability` everything runs, in the order of the tests. `backwards`: in each wave the last one first. */
export const execute = (
  programs: readonly Program[],
  minReliability?: number,
  backwards = false,
): Executed => {
  const tests = (programs[0] ?? []).map((_, test) => callTest(`t${test}`));
  const results: CandidateResult[] = [];
  let runs = 0;
  let first = 0;
  for (const end of minReliability === undefined ? [programs.length] : learningWaves(programs.length)) {
    const learned =
      minReliability === undefined || first === 0
        ? undefined
        : learnEarlyExit(tests.length, results.slice(0, first), minReliability);
    const wave = [...programs.entries()].slice(first, end);
    for (const [position, program] of backwards ? wave.reverse() : wave) {
      const progress = runOne(tests, program, learned, () => {
        runs += 1;
      });
      results[position] = candidateResult(candidateId(position), [progress]);
    }
    first = end;
  }
  return { tests: tests.map(({ id }) => id), candidates: results, runs };
};

const runOne = (
  tests: readonly PreparedTest[],
  program: Program,
  earlyExit: EarlyExit | undefined,
  onRun: () => void,
): CandidateProgress => {
  const progress = new CandidateProgress(tests, judgesFor(tests), LIMITS, undefined, earlyExit);
  for (let turn = 0; ; turn += 1) {
    if (turn > 200) throw new Error('The candidate never ends.');
    const run = progress.next();
    if (!run) return progress;
    oneRun(progress, run, program, onRun);
    if (progress.isSuspect) progress.runAlone();
  }
};

const oneRun = (progress: CandidateProgress, run: Run, program: Program, onRun: () => void): void => {
  const { unansweredAtMost, unansweredFrom } =
    run.kind === 'calls' ? run : { unansweredAtMost: Number.POSITIVE_INFINITY, unansweredFrom: 0 };
  let left = unansweredAtMost;
  let testMs = 0;
  const ending = (position: number, test: number): EndReason | undefined => {
    const { does, cpuMs } = program[test] ?? { does: 'error', cpuMs: 0 };
    onRun();
    testMs += does === 'timeout' ? LIMITS.testTimeoutMs : cpuMs;
    const isSpent = testMs > run.candidateMs;
    if (isSpent) progress.take(run, { position, kind: 'timeout' });
    else if (typeof does === 'number') progress.take(run, { position, kind: 'value', text: String(does) });
    else progress.take(run, { position, kind: does === 'breach' ? 'crash' : does });
    if (isSpent) return 'budget';
    if (does === 'breach') return 'breach';
    if (does === 'timeout' || does === 'crash') return 'stopped';
    if (typeof does !== 'number' && position >= unansweredFrom) left -= 1;
    return left < 0 && position < run.order.length - 1 ? 'enough' : undefined;
  };
  let reason: EndReason | undefined;
  for (const [position, test] of run.order.entries()) {
    reason = ending(position, test);
    if (reason !== undefined) break;
  }
  progress.end(run, { reason: reason ?? 'finished', cpuMs: testMs, testMs, outOfMemory: false });
};

/**
 * In rounds that end after these many programs, as adaptive sampling runs them: each learns from all before it. With
 * `shares`, the same program is not run again in a later round where its row is whole.
 */
export const executeRounds = (
  programs: readonly Program[],
  ends: readonly number[],
  { minReliability, shares }: { minReliability: number | undefined; shares: boolean },
): Executed => {
  const [firstEnd = 0, ...later] = ends;
  const first = execute(programs.slice(0, firstEnd), minReliability);
  const { tests } = first;
  const prepared = tests.map(callTest);
  const results = [...first.candidates];
  let { runs } = first;
  const onRun = () => {
    runs += 1;
  };
  const codeOf = (program: Program): string => JSON.stringify(program);
  for (const end of later) {
    const begin = results.length;
    const learned =
      minReliability === undefined ? undefined : learnEarlyExit(tests.length, [...results], minReliability);
    const earlier = results.map((result, index) => ({ code: codeOf(programs[index] ?? []), result }));
    const rows = shares ? wholeRows(earlier) : new Map<string, CandidateResult>();
    for (const [offset, program] of programs.slice(begin, end).entries()) {
      const id = candidateId(begin + offset);
      const row = rows.get(codeOf(program));
      if (row) results.push({ ...row, id });
      else results.push(candidateResult(id, [runOne(prepared, program, learned, onRun)]));
    }
  }
  return { tests, candidates: results, runs };
};
