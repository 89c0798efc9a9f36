/** The recorder of the bench, with a model and a sandbox that answer at once. */
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelClient } from '../../../activities/model/model-request.ts';
import type { Executor } from '../../../activities/sandbox/executor.ts';
import type { HumanEvalTask } from '../../../core/evaluation/humaneval.ts';
import type { Matrix } from '../../../core/execution/batch.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';
import { asProblem, recordProblem } from '../../bench/selection/record-problem.ts';
import { recordSet } from '../../bench/selection/record-set.ts';
import { halfOf, packRecordedSet, readRecordedSet } from '../../bench/selection/recorded-set.ts';

const task = (n: number): HumanEvalTask => ({
  task_id: `HumanEval/${n}`,
  entry_point: 'add',
  prompt:
    'def add(a: int, b: int) -> int:\n    """Return the sum of a and b.\n\n    >>> add(1, 2)\n    3\n    """\n',
  canonical_solution: '    return a + b\n',
  test: 'def check(candidate):\n    assert candidate(2, 3) == 5\n',
});

/** Half of its answers add, the others subtract; its tests expect sums. */
const client: ModelClient = {
  ask: async ({ samples, prompt }) => {
    const isTest = JSON.stringify(prompt).includes('assert');
    const choices = Array.from({ length: samples }, (_, index) => ({
      text: isTest
        ? '\nassert add(1, 2) == 3\nassert add(2, 2) == 4\n'
        : `\n    return a ${index % 2 === 0 ? '+' : '-'} b\n`,
      finish: 'stop' as const,
      tokens: 5,
      perplexity: 1.1,
      positions: [],
    }));
    return { choices, tokens: 5 * samples };
  },
  score: async () => [],
};

const executor: Executor = {
  executedPrograms: 0,
  close: async () => undefined,
  execute: async (batch): Promise<Matrix> => ({
    id: batch.id,
    tests: batch.tests.map(({ id }) => id),
    invalidTests: [],
    candidates: batch.candidates.map(({ id, code }) => {
      const isEcho = id.startsWith('echo');
      const adds = code.includes('a + b');
      return {
        id,
        outcomes: batch.tests.map(() => (adds ? 'pass' : 'fail')),
        outputs: batch.tests.map(({ id: test }) =>
          isEcho ? test : adds ? `sum ${test}` : `difference ${test}`,
        ),
        durationMs: 3,
      };
    }),
  }),
};

describe('the recorded set', () => {
  let path = '';
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ucoder-record-'));
    path = join(folder, 'set.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const record = async (one: HumanEvalTask) => {
    const set = await loadPromptSet('small');
    return recordProblem({ client, executor, set, model: 'm', candidates: 20, tests: 4 }, one);
  };

  it('holds candidates, the model’s own tests, and who passes the hidden ones', async () => {
    const { matrix, right } = await record(task(0));
    expect(matrix).toMatchObject({ id: 'HumanEval/0' });
    expect(matrix.tests).toEqual([
      { id: 't001', call: 'add(1, 2)', expected: '3' },
      { id: 't002', call: 'add(2, 2)', expected: '4' },
    ]);
    expect(matrix.candidates).toHaveLength(20);
    expect(matrix.candidates[0]).toMatchObject({ perplexity: 1.1, durationMs: 0 });
    expect(right).toHaveLength(10);
  });

  it('goes on behind the last complete problem after it was cut off', async () => {
    const recorded: string[] = [];
    const options = {
      path,
      say: () => undefined,
      record: (one: HumanEvalTask) => {
        recorded.push(one.task_id);
        return record(one);
      },
    };
    await recordSet({ ...options, tasks: [task(0)] });
    await appendFile(path, '{"matrix": {"id": "HumanEval/1", "tes');
    await recordSet({ ...options, tasks: [task(0), task(1), task(2)] });
    expect(recorded).toEqual(['HumanEval/0', 'HumanEval/1', 'HumanEval/2']);
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line).matrix.id)).toEqual(recorded);
  });

  it('keeps the problems with a right candidate, as they were recorded', async () => {
    const solved = await record(task(0));
    const unsolved = { ...(await record(task(1))), right: [] };
    packRecordedSet([solved, unsolved].map((one) => `${JSON.stringify(one)}\n`).join(''), path);
    expect(readRecordedSet(path)).toEqual([{ matrix: solved.matrix, right: new Set(solved.right) }]);
  });

  it('lies in the repository: 64 candidates a problem, none without a right one, in two halves', () => {
    const problems = readRecordedSet();
    expect(problems).toHaveLength(22);
    for (const { matrix, right } of problems) {
      expect(matrix.candidates).toHaveLength(64);
      expect(right.size).toBeGreaterThan(0);
    }
    expect(problems.filter(({ matrix }) => halfOf(matrix.id) === 'report')).toHaveLength(11);
  });

  it('asks about a question as about a problem of the campaign’s own', () => {
    expect(asProblem({ functionName: 'add', prompt: task(0).prompt })).toEqual({
      functionName: 'add',
      signature: 'def add(a: int, b: int) -> int:',
      docstring: 'Return the sum of a and b.\n\n>>> add(1, 2)\n3',
    });
  });
});
