/** Batches of one program for the tests of the sandbox's contract, on real containers. */
import { afterAll, beforeAll } from 'vitest';
import type { Executor } from '../../../activities/sandbox/executor.ts';
import type { ExecutionTest } from '../../../core/execution/batch.ts';
import { type BatchParts, batchOf, resultOf, testExecutor } from '../../support/docker.ts';

/** An executor of two containers for the tests of one file. */
export const useExecutor = () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 2 });
  }, 120_000);
  afterAll(() => executor.close());

  const run = (parts: BatchParts) => executor.execute(batchOf(parts));

  /** The outcomes and outputs of one program. */
  const judge = async (code: string, tests: readonly ExecutionTest[], limits: BatchParts['limits'] = {}) => {
    const matrix = await run({ tests, codes: [code], limits });
    const { outcomes, outputs } = resultOf(matrix, 0);
    return { outcomes, outputs, inProcess: matrix.inProcess ?? [], invalid: matrix.invalidTests };
  };
  return { executor: () => executor, run, judge };
};

export const call = (source: string, expected = 'None', tolerance?: number): ExecutionTest => ({
  id: `${source} -> ${expected} ${tolerance ?? ''}`.trim().slice(0, 150),
  call: source,
  expected,
  ...(tolerance === undefined ? {} : { tolerance }),
});
export const assertion = (source: string): ExecutionTest => ({
  id: source.replaceAll('\n', ' '),
  assert: source,
});
export const program = (source: string): ExecutionTest => ({
  id: source.slice(0, 150).replaceAll(/[\n\0]/g, ' '),
  program: source,
});
