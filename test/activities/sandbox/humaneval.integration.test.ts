/** HumanEval’s own solutions against its own checks: the sandbox refuses nothing that is right, and inside nothing. */
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBenchmark } from '../../../activities/evaluation/benchmark-file.ts';
import type { Executor } from '../../../activities/sandbox/executor.ts';
import { BENCHMARK_SIZES } from '../../../core/evaluation/benchmark-sizes.ts';
import { type HumanEvalTask, humanEvalTests } from '../../../core/evaluation/humaneval.ts';
import { install } from '../../../infra/install/install.ts';
import { batchOf, resultOf, testExecutor } from '../../support/docker.ts';

let executor: Executor;
let tasks: HumanEvalTask[];
beforeAll(async () => {
  const { humaneval } = await install(['humaneval'], () => undefined);
  if (humaneval === undefined) throw new Error('HumanEval is not installed: npx ucoder up installs it.');
  tasks = await readBenchmark('humaneval', { humaneval });
  executor = await testExecutor({ containers: 2 });
});
afterAll(() => executor?.close());

it('passes all of HumanEval’s canonical solutions, and none that is empty', async () => {
  const limit = pLimit(8);
  const judge = async (task: HumanEvalTask): Promise<string> => {
    const { tests } = humanEvalTests(task);
    const codes = [task.prompt + task.canonical_solution, `${task.prompt}    pass\n`];
    const matrix = await executor.execute(batchOf({ tests, codes }));
    const [right, empty] = [resultOf(matrix, 0), resultOf(matrix, 1)].map(({ outcomes }) => outcomes[0]);
    return `${task.task_id} ${right} ${empty === 'pass' ? 'empty passes' : ''}`.trim();
  };
  const verdicts = await Promise.all(tasks.map((task) => limit(judge, task)));
  expect(verdicts).toHaveLength(BENCHMARK_SIZES.humaneval);
  expect(verdicts.filter((verdict) => !verdict.endsWith(' pass'))).toEqual([]);
});
