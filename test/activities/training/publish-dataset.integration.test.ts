/** The dataset as its readers find it: written to a real bucket, downloaded, loaded by `datasets`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { createDatasetActivities } from '../../../activities/training/dataset-activities.ts';
import { DatasetRow } from '../../../core/dataset/dataset-row.ts';
import { layout } from '../../../core/layout.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';
import { pythonInterpreter } from '../../support/python.ts';
import { testStore } from '../../support/store.ts';

const LOAD = `
import json, sys
from datasets import load_dataset
folder = sys.argv[1]
cache = {"split": "train", "cache_dir": folder + "/cache"}
loaded = (
    load_dataset(folder, **cache),
    load_dataset("parquet", data_files=folder + "/data/train-00000-of-00001.parquet", **cache),
    load_dataset("json", data_files=folder + "/data/train.jsonl", **cache),
)
print(json.dumps([list(rows) for rows in loaded]))
`;

describe('publishDataset', () => {
  let store: ObjectStore;
  let prefix: string;
  let root: string;

  beforeAll(async () => {
    ({ store, prefix } = await testStore());
    root = await mkdtemp(join(tmpdir(), 'ucoder-dataset-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const CODE = 'def double(x):\n    return 2 * x  # "é", \\n';

  /** An iteration whose problems p0001… have these selected codes; null: no consensus. */
  const layOut = async (campaignId: string, iteration: number, codes: (string | null)[]) => {
    const ids = codes.map((_, index) => `p000${index + 1}`);
    for (const [index, problemId] of ids.entries()) {
      await store.putJson(layout.work({ campaignId }, iteration, 'problems', `${problemId}.json`), {
        id: problemId,
        domain: 'basic-algorithm',
        topic: 'numbers',
        functionName: `double_${iteration}_${index}`,
        signature: `def double_${iteration}_${index}(x: int) -> int:`,
        docstring: `Return ${iteration} ${index}.`,
      });
      for (const chunk of [0, 1]) {
        await store.putJsonLines(layout.candidates({ campaignId }, iteration, problemId, chunk), [
          {
            id: `c000${chunk + 1}`,
            code: chunk === 1 ? (codes[index] ?? '') : 'wrong',
            style: 'plain',
            temperature: 0.7,
            seed: chunk,
            tokens: 9,
            perplexity: 1.1,
            finish: 'stop',
          },
        ]);
      }
    }
    await store.putJsonLines(
      layout.selections({ campaignId }, iteration),
      ids.map((problemId, index) => ({
        problemId,
        id: problemId,
        selected: codes[index] === null ? null : 'c0002',
      })),
    );
    await store.putJson(layout.prompts(campaignId), await loadPromptSet('small'));
  };

  const publish = (
    campaignId: string,
    iteration: number,
    options: { data?: 'cumulative' | 'iteration'; heldoutIteration?: number } = {},
  ) =>
    createDatasetActivities({ store }).publishDataset({
      campaignId,
      iteration,
      seed: 1,
      data: options.data ?? 'cumulative',
      baseModel: 'smollm2-135m-instruct',
      heldoutIteration: options.heldoutIteration ?? null,
      benchmarks: [],
    });

  const rowsOf = (campaignId: string, iteration: number) =>
    store.readJsonLines(layout.dataset({ campaignId }, iteration, 'data/train.jsonl'), DatasetRow);

  it('loads in both formats with the same rows', { timeout: 120_000 }, async () => {
    const id = `${prefix}-loads`;
    await layOut(id, 1, [CODE, null, 'def other(x):\n    return x']);
    expect(await publish(id, 1)).toMatchObject({
      pairs: 2,
      newPairs: 2,
      uri: store.uri(layout.dataset({ campaignId: id }, 1, '')),
    });
    const folder = join(root, 'download');
    for (const file of ['README.md', 'data/train.jsonl', 'data/train-00000-of-00001.parquet']) {
      await store.fetchFile(layout.dataset({ campaignId: id }, 1, file), join(folder, file));
    }
    const { stdout } = await execa(await pythonInterpreter(), ['-c', LOAD, folder], {
      env: { HF_HUB_OFFLINE: '1', HF_HOME: join(root, 'hub') },
    });
    const [folderRows, parquet, lines] = JSON.parse(stdout);
    expect(folderRows).toEqual(lines);
    expect(parquet).toEqual(lines);
    expect(lines).toEqual(await rowsOf(id, 1));
    expect(lines[0].messages.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant']);
    expect(lines[0].messages[0].content).toContain('def double_1_0(x: int) -> int:');
    expect(lines[0].messages[1].content).toContain('return 2 * x  # "é", \\n');
  });

  it('takes all iterations so far or this one only', async () => {
    const id = `${prefix}-data`;
    await layOut(id, 1, ['a = 1', 'a = 2']);
    await layOut(id, 2, ['a = 3']);
    expect(await publish(id, 2)).toMatchObject({ pairs: 3, newPairs: 1 });
    const other = `${prefix}-data-new`;
    await layOut(other, 1, ['a = 1', 'a = 2']);
    await layOut(other, 2, ['a = 3']);
    expect(await publish(other, 2, { data: 'iteration' })).toMatchObject({ pairs: 1, newPairs: 1 });
  });

  it('keeps held-out problems out', async () => {
    const id = `${prefix}-heldout`;
    await layOut(id, 1, ['a = 1', 'a = 2']);
    await store.putJson(layout.work({ campaignId: id }, 1, 'heldout.json'), {
      problems: [{ id: 'p0001', functionName: 'double_1_0', docstring: 'Return 1 0.' }],
    });
    expect(await publish(id, 1, { heldoutIteration: 1 })).toMatchObject({ pairs: 1 });
    expect((await rowsOf(id, 1)).map((row) => row.problem_id)).toEqual(['p0002']);
    const card = (await store.read(layout.dataset({ campaignId: id }, 1, 'README.md'))).toString();
    expect(card).toContain('held out for validation | 1');
    expect(card).toContain((await store.find(layout.prompts(id)))?.sha256);
  });

  it('publishes an empty dataset, and the same one when it is asked again', async () => {
    const id = `${prefix}-empty`;
    await layOut(id, 1, [null]);
    const first = await publish(id, 1);
    expect(first).toMatchObject({ pairs: 0, newPairs: 0 });
    expect(await publish(id, 1)).toMatchObject({ pairs: 0, uri: first.uri });
  });

  it('names the selected candidate that no chunk holds', async () => {
    const id = `${prefix}-missing`;
    await layOut(id, 1, ['a = 1']);
    await store.replace(
      layout.selections({ campaignId: id }, 1),
      `${JSON.stringify({ problemId: 'p0001', selected: 'c0999' })}\n`,
    );
    await expect(publish(id, 1)).rejects.toMatchObject({
      code: 'object-missing',
      message: expect.stringContaining('c0999'),
    });
  });
});
