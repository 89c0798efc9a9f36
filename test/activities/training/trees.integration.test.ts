/** Decontamination by syntax trees, from selections in a real bucket to the rows that are left. */
import { beforeAll, describe, expect, it } from 'vitest';
import { referencesKey, treesOfReferencesKey } from '../../../activities/evaluation/benchmark-references.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { createDatasetActivities } from '../../../activities/training/dataset-activities.ts';
import { treesKey } from '../../../activities/training/dataset-sources.ts';
import { parseTrees } from '../../../activities/training/parse-trees.ts';
import { createTreeActivities } from '../../../activities/training/tree-activities.ts';
import { DatasetRow } from '../../../core/dataset/dataset-row.ts';
import { RemovedSolution } from '../../../core/dataset/find-overlaps.ts';
import { UcoderError } from '../../../core/errors.ts';
import { layout } from '../../../core/layout.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';
import { problemNamed } from '../../support/campaign-objects.ts';
import { pythonInterpreter } from '../../support/python.ts';
import { testStore } from '../../support/store.ts';

const REFERENCE = {
  id: 'HumanEval/0',
  prompt: 'from typing import List\n\n\ndef close(numbers: List[float], threshold: float) -> bool:\n',
  solution: `    for i, a in enumerate(numbers):
        for j, b in enumerate(numbers):
            if i != j and abs(a - b) < threshold:
                return True
    return False
`,
};
/** Too small to say anything. */
const SMALL = { id: 'HumanEval/1', prompt: 'def order(x):\n', solution: '    return sorted(x)\n' };

/** The reference under other names, with other imports, a docstring and hints, in a class beside other code. */
const BESIDE = `import sys
import math


class Solver:
    def near(self, values: list[float], limit: float = 0.5) -> bool:
        """Say whether two of them are near each other."""
        for k, left in enumerate(values):
            for m, right in enumerate(values):
                if k != m and abs(left - right) < limit:
                    return True  # found
        return False


def solve(values):
    return Solver().near(values)
`;

const SOLUTIONS = {
  p0001: BESIDE,
  p0002: 'def arrange(items):\n    return sorted(items)\n',
  p0003: BESIDE.replace('return True', 'return None'),
  p0004: 'def broken(:\n',
};

describe('parseTrees', () => {
  const parse = async (...codes: string[]) =>
    parseTrees(
      await pythonInterpreter(),
      codes.map((code, index) => ({ id: `c${index}`, code })),
      new AbortController().signal,
    );

  it('never runs a program, and outlasts what no parser likes', async () => {
    const hostile = ['import os; os._exit(3)', '\u0000', '\ud800', '('.repeat(100_000), BESIDE];
    const read = await parse(...hostile);
    expect(read.map(({ id }) => id)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
    expect(read.map(({ unreadable }) => unreadable !== undefined)).toEqual([false, true, true, true, false]);
    expect(read[4]?.trees).toHaveLength(2);
  });

  it('reads more programs than one process is given', async () => {
    const read = await parse(...Array.from({ length: 600 }, (_, n) => `x = ${n}`), BESIDE);
    expect(read).toHaveLength(601);
    expect(read.at(-1)).toMatchObject({ id: 'c600', trees: [expect.any(String), expect.any(String)] });
  });

  it('answers nothing for nothing, and stops when it is told to', async () => {
    expect(await parse()).toEqual([]);
    const python = await pythonInterpreter();
    const aborted = AbortSignal.abort(new Error('cancelled'));
    await expect(parseTrees(python, [{ id: 'a', code: '' }], aborted)).rejects.toThrow('cancelled');
  });

  it('takes an interpreter that does not work for no fault of the program', async () => {
    const signal = new AbortController().signal;
    await expect(parseTrees('/bin/false', [{ id: 'a', code: '' }], signal)).rejects.toThrow('/bin/false');
  });
});

describe('readTrees and publishDataset', () => {
  let store: ObjectStore;
  let prefix: string;
  beforeAll(async () => {
    ({ store, prefix } = await testStore());
  });

  const benchmarks = ['humaneval'];
  const stepOf = (campaignId: string, iteration = 1) => ({ campaignId, iteration, seed: 1 });
  const treeActivities = (python = pythonInterpreter) => createTreeActivities({ store, python });
  const publish = (campaignId: string, iteration: number, trees: boolean) =>
    createDatasetActivities({ store }).publishDataset({
      ...stepOf(campaignId, iteration),
      ...{
        data: 'cumulative',
        baseModel: 'smollm2-135m-instruct',
        heldoutIteration: null,
        benchmarks,
        trees,
      },
    });

  const layOut = async (campaignId: string, iteration = 1) => {
    const at = { campaignId };
    for (const [problemId, code] of Object.entries(SOLUTIONS)) {
      const problem = { ...problemNamed(problemId), docstring: `Number ${iteration} of ${problemId}.` };
      await store.putJson(layout.work(at, iteration, 'problems', `${problemId}.json`), problem);
      await store.putJsonLines(layout.candidates(at, iteration, problemId, 0), [
        {
          id: 'c0001',
          code,
          style: 'plain',
          temperature: 0.7,
          seed: 1,
          tokens: 9,
          finish: 'stop',
          perplexity: 1,
        },
      ]);
    }
    const lines = Object.keys(SOLUTIONS).map((problemId) => ({ problemId, selected: 'c0001' }));
    await store.putJsonLines(layout.selections(at, iteration), lines);
    if (iteration > 1) return;
    await store.putJson(layout.prompts(campaignId), await loadPromptSet('small'));
    await store.putJsonLines(referencesKey(campaignId, 'humaneval'), [REFERENCE, SMALL]);
  };

  const removedIn = (campaignId: string, iteration: number) =>
    store.readJsonLines(layout.contamination({ campaignId }, iteration, 'solutions'), RemovedSolution);
  const overlap = { benchmark: 'humaneval', id: 'HumanEval/0', by: 'tree' };

  it('remove and list the solution that a benchmark’s body stands in, and no other', async () => {
    const id = `${prefix}-trees`;
    await layOut(id);
    expect(await treeActivities().readTrees({ ...stepOf(id), data: 'cumulative', benchmarks })).toMatchObject(
      {
        read: true,
      },
    );
    const removed = [{ iteration: 1, problemId: 'p0001', overlap }];
    expect(await publish(id, 1, true)).toMatchObject({
      ...{ pairs: 3, contaminated: 1 },
      overlaps: { removed, trees: { compared: 3, unreadable: 1, references: 2, comparable: 1 } },
    });
    expect(await removedIn(id, 1)).toEqual(removed);
    const key = layout.dataset({ campaignId: id }, 1, 'data/train.jsonl');
    const rows = await store.readJsonLines(key, DatasetRow);
    expect(rows.map((row) => row.problem_id)).toEqual(['p0002', 'p0003', 'p0004']);
  });

  it('read what an earlier version left unread, and nothing a second time', async () => {
    const id = `${prefix}-later`;
    await layOut(id);
    await publish(id, 1, false);
    await layOut(id, 2);
    const { readTrees } = treeActivities();
    await readTrees({ ...stepOf(id, 2), data: 'cumulative', benchmarks });
    const removed = [1, 2].map((iteration) => ({ iteration, problemId: 'p0001', overlap }));
    expect(await publish(id, 2, true)).toMatchObject({ pairs: 6, contaminated: 2 });
    expect(await removedIn(id, 2)).toEqual(removed);

    const unable = treeActivities(async () => '/bin/false');
    await expect(
      unable.readTrees({ ...stepOf(id, 2), data: 'cumulative', benchmarks }),
    ).resolves.toMatchObject({
      read: true,
    });
  });

  it('compare without trees where no Python is', async () => {
    const id = `${prefix}-without`;
    await layOut(id);
    const without = treeActivities(() =>
      Promise.reject(new UcoderError('machine-incomplete', 'There is none.')),
    );
    expect(await without.readTrees({ ...stepOf(id), data: 'cumulative', benchmarks })).toMatchObject({
      read: false,
    });
    for (const key of [treesKey({ campaignId: id }, 1), treesOfReferencesKey(id, 'humaneval')])
      expect(await store.find(key)).toBeUndefined();
    expect(await publish(id, 1, false)).toMatchObject({
      ...{ pairs: 4, contaminated: 0 },
      overlaps: { removed: [], trees: null },
    });
  });
});
