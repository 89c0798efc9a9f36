/** Records task after task into a file that may be cut off at any time: what is complete stays, the rest is done again. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { HumanEvalTask } from '../../../core/evaluation/humaneval.ts';
import { RecordedProblem } from './recorded-set.ts';

export type RecordSetOptions = {
  tasks: readonly HumanEvalTask[];
  path: string;
  record: (task: HumanEvalTask) => Promise<RecordedProblem>;
  say: (line: string) => void;
};

export const recordSet = async ({ tasks, path, record, say }: RecordSetOptions): Promise<void> => {
  const complete = await completeLines(path);
  await writeFile(path, complete.map(({ line }) => `${line}\n`).join(''));
  const known = new Set(complete.map(({ id }) => id));
  for (const [index, task] of tasks.entries()) {
    if (known.has(task.task_id)) continue;
    const recorded = await record(task);
    await appendFile(path, `${JSON.stringify(recorded)}\n`);
    const { tests, candidates } = recorded.matrix;
    say(
      `${index + 1} of ${tasks.length}, ${task.task_id}: ${recorded.right.length} of ${candidates.length} right, ${tests.length} tests`,
    );
  }
};

/** Lines in full; a last one that was cut off in the middle is none. */
const completeLines = async (path: string): Promise<{ id: string; line: string }[]> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [{ id: RecordedProblem.parse(JSON.parse(line)).matrix.id, line }];
    } catch {
      return [];
    }
  });
};
