/**
 * The recorded set: the real model’s candidates for HumanEval, run on the real model’s own tests, with the hidden
 * tests’ verdict. docs/selection.md says how it was made; it is split once, by a hash of the problem’s id.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { seededRandom } from '../../../core/statistics/seeded-random.ts';
import type { JudgedProblem } from './simulate-problem.ts';

export const RecordedProblem = z.strictObject({
  matrix: SelectionMatrix,
  right: z.array(z.string()).describe('Candidates that pass the benchmark’s hidden tests.'),
});
export type RecordedProblem = z.infer<typeof RecordedProblem>;

export const RECORDED_SET = fileURLToPath(new URL('humaneval.jsonl.gz', import.meta.url));

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** Keeps the problems with a right candidate, no selection being right on any other; as they stand, in their order. */
export const packRecordedSet = (recorded: string, path = RECORDED_SET): void => {
  const solvable = linesOf(recorded).filter(
    (line) => RecordedProblem.parse(JSON.parse(line)).right.length > 0,
  );
  writeFileSync(path, gzipSync(solvable.map((line) => `${line}\n`).join(''), { level: 9 }));
};

export const readRecordedSet = (path = RECORDED_SET): JudgedProblem[] =>
  linesOf(gunzipSync(readFileSync(path)).toString('utf8')).map((line) => {
    const { matrix, right } = RecordedProblem.parse(JSON.parse(line));
    return { matrix, right: new Set(right) };
  });

export type Half = 'develop' | 'report';

/** Never changed once something was developed on the first half. */
export const halfOf = (problemId: string): Half =>
  seededRandom(2512, `half of ${problemId}`)() < 0.5 ? 'develop' : 'report';
