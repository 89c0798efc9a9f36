import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runAblation } from '../../cli/commands/ablate.ts';
import { matrixOf } from '../core/selection/matrix-of.ts';

describe('ucoder ablate, given a folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ucoder-ablate-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('reads matrices of all files, whatever their form, in folders below too', async () => {
    const matrix = (id: string) => JSON.stringify({ ...matrixOf({ a: 'pp', b: 'pp', c: 'pf' }), id });
    await writeFile(join(folder, 'one.json'), matrix('p1'));
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'more', 'two.jsonl'), `${matrix('p2')}\n${matrix('p3')}\n`);
    await writeFile(join(folder, 'notes.txt'), 'not a matrix');
    const ablation = await runAblation(folder);
    expect(ablation).toMatchObject({ problems: 3, candidates: 9, tokens: null, comparedWith: 'consensus' });
    expect(ablation.strategies[0]).toMatchObject({ strategy: 'consensus', decided: 3, agreed: 3, pairs: 3 });
  });

  it('decides with other settings than the paper’s where they are set', async () => {
    const matrix = matrixOf({ a: 'pp', b: 'pp', c: 'pf', d: 'fp' });
    await writeFile(join(folder, 'one.json'), JSON.stringify(matrix));
    expect((await runAblation(folder)).strategies[0]).toMatchObject({ strategy: 'consensus', decided: 1 });
    const strict = await runAblation(folder, { minShare: 0.6 });
    expect(strict.strategies[0]).toMatchObject({ strategy: 'consensus', decided: 0 });
    await expect(runAblation(folder, { minShares: 0.6 })).rejects.toThrow('did you mean "minShare"?');
  });

  it('names file, line and field of a bad matrix', async () => {
    await writeFile(join(folder, 'bad.json'), '{\n  "id": "p",\n  "tests": ["t"],\n  "candidates": 3\n}');
    await expect(runAblation(folder)).rejects.toThrow(/bad\.json:4: candidates/);
  });

  it('says so where the folder holds none', async () => {
    await expect(runAblation(folder)).rejects.toThrow('holds no .json or .jsonl file');
    await writeFile(join(folder, 'empty.jsonl'), '\n');
    await expect(runAblation(folder)).rejects.toThrow('holds no matrix: what is there is empty');
  });

  it('reads one file that is named', async () => {
    const file = join(folder, 'one.json');
    await writeFile(file, JSON.stringify(matrixOf({ a: 'pp', b: 'pp' })));
    expect(await runAblation(file)).toMatchObject({ problems: 1, candidates: 2 });
  });

  it('follows no link to a folder, which may lead back to where it stands', async () => {
    await writeFile(join(folder, 'one.json'), JSON.stringify(matrixOf({ a: 'pp', b: 'pp' })));
    await symlink(folder, join(folder, 'again'));
    expect(await runAblation(folder)).toMatchObject({ problems: 1 });
  });

  it('takes problems of equal id in different folders, as iterations have them, for different ones', async () => {
    for (const iteration of ['1', '2']) {
      await mkdir(join(folder, iteration));
      const text = JSON.stringify(matrixOf({ a: 'pp', b: 'pp' }));
      for (const file of ['one.json', 'copy.json']) await writeFile(join(folder, iteration, file), text);
    }
    const { problems, strategies } = await runAblation(folder);
    expect(problems).toBe(4);
    expect(strategies[0]).toMatchObject({ decided: 4, pairs: 2 });
  });
});
