/** The engine of the tests: DOCKER_HOST as set by the global setup, or a socket named by UCODER_TEST_DOCKER. */
import Dockerode from 'dockerode';
import { createExecutor, type Executor, type ExecutorOptions } from '../../activities/sandbox/executor.ts';
import { Batch, type CandidateResult, type ExecutionTest, type Matrix } from '../../core/execution/batch.ts';

export const testDocker = (): Dockerode => {
  const socketPath = process.env.UCODER_TEST_DOCKER;
  return socketPath ? new Dockerode({ socketPath }) : new Dockerode();
};

export const testExecutor = (options: Partial<ExecutorOptions> = {}): Promise<Executor> =>
  createExecutor({ docker: testDocker(), ...options });

export type BatchParts = {
  readonly tests: readonly ExecutionTest[];
  readonly codes: readonly string[];
  readonly limits?: Partial<Batch['limits']>;
};

/** Candidates are c0, c1, … in the order of `codes`. */
export const batchOf = ({ tests, codes, limits = {} }: BatchParts): Batch =>
  Batch.parse({
    id: 'problem',
    language: 'python',
    tests,
    candidates: codes.map((code, index) => ({ id: `c${index}`, code })),
    limits,
  });

export const resultOf = (matrix: Matrix, index: number): CandidateResult => {
  const result = matrix.candidates[index];
  if (!result) throw new Error(`The matrix has no candidate ${index}.`);
  return result;
};
