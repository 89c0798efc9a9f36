/**
 * The recorded set: the real model’s candidates for HumanEval, run on the real model’s own tests, with the hidden
 * tests’ verdict. `npm run bench:selection:record` makes it; it is split once, by a hash of the problem’s id.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { seededRandom } from '../../../core/statistics/seeded-random.ts';
import type { JudgedProblem } from './simulate-problem.ts';

export const RecordedProblem = z.strictObject({
  matrix: SelectionMatrix,
  right: z.array(z.string()).describe('Candidates that pass the benchmark’s hidden tests.'),
});
export type RecordedProblem = z.infer<typeof RecordedProblem>;

export const RECORDED_SET = fileURLToPath(new URL('humaneval.jsonl', import.meta.url));

/** Undefined where nothing was recorded on this machine. */
export const readRecordedSet = (path = RECORDED_SET): JudgedProblem[] | undefined => {
  if (!existsSync(path)) return undefined;
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { matrix, right } = RecordedProblem.parse(JSON.parse(line));
      return { matrix, right: new Set(right) };
    });
};

export type Half = 'develop' | 'report';

/** Never changed once something was developed on the first half. */
export const halfOf = (problemId: string): Half =>
  seededRandom(2512, `half of ${problemId}`)() < 0.5 ? 'develop' : 'report';
