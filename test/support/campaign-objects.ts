/** Lays out in the bucket what the stages before a selection would have left there. */
import type { ObjectStore } from '../../activities/store/object-store.ts';
import type { Outcome } from '../../core/execution/batch.ts';
import { layout } from '../../core/layout.ts';
import type { Problem } from '../../core/problems/problem.ts';

export const problemNamed = (id: string): Problem => ({
  id,
  domain: 'basic-algorithm',
  topic: 'numbers',
  functionName: `double_${id}`,
  signature: `def double_${id}(numbers: List[int]) -> int:`,
  docstring: 'Return the sum of all numbers,\ndoubled.',
});

/** One candidate: outputs on the two tests, and its perplexity. */
export type SolvedCandidate = { outputs: [string | null, string | null]; perplexity?: number };

/**
 * Problem, tests, candidates in chunks of two, and the matrix; with `perRound` the matrices of rounds of so many
 * candidates, not yet joined. Returns the number of chunks.
 */
export const storeSolvedProblem = async (
  store: ObjectStore,
  campaignId: string,
  iteration: number,
  problemId: string,
  candidates: readonly SolvedCandidate[],
  perRound?: number,
): Promise<number> => {
  const work = (...path: [string, ...string[]]) => layout.work({ campaignId }, iteration, ...path);
  const problem = problemNamed(problemId);
  const tests = ['t001', 't002'].map((id, index) => ({
    id,
    call: `${problem.functionName}([${index}, 1])`,
    expected: '99',
    category: 'ordinary',
  }));
  await store.putJson(work('problems', `${problemId}.json`), problem);
  await store.putJson(work('tests', `${problemId}.json`), { tests, dropped: [] });
  const lines = candidates.map(({ perplexity }, index) => ({
    id: `c${String(index + 1).padStart(4, '0')}`,
    code: `def ${problem.functionName}(numbers):\n    return ${index % 2}`,
    style: 'library',
    temperature: 0.7,
    seed: index,
    tokens: 12,
    perplexity: perplexity ?? null,
    finish: 'stop',
  }));
  const chunks = Math.ceil(lines.length / 2);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const key = layout.candidates({ campaignId }, iteration, problemId, chunk);
    await store.putJsonLines(key, lines.slice(chunk * 2, chunk * 2 + 2));
  }
  const results = candidates.map(({ outputs }, index) => ({
    id: lines[index]?.id,
    outcomes: outputs.map((text): Outcome => (text === null ? 'error' : 'fail')),
    outputs,
    durationMs: 1,
  }));
  const matrix = { id: problemId, tests: tests.map(({ id }) => id), invalidTests: [] };
  if (perRound === undefined) {
    const key = layout.matrix({ campaignId }, iteration, problemId);
    await store.putJson(key, { ...matrix, candidates: results });
    return chunks;
  }
  for (let round = 0; round * perRound < results.length; round += 1) {
    const key = layout.roundMatrix({ campaignId }, iteration, problemId, round);
    const some = results.slice(round * perRound, (round + 1) * perRound);
    await store.putJson(key, { ...matrix, candidates: some });
  }
  return chunks;
};
