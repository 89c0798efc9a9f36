import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PromptSet } from '../../../core/prompts/prompt-set.ts';
import { loadPromptSet, promptSetFolder } from '../../../infra/prompts/load-prompt-set.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-prompts-'));
  await cp(promptSetFolder('paper'), folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const edit = async (from: string | RegExp, to: string): Promise<void> => {
  const path = join(folder, 'prompt-set.yaml');
  const text = await readFile(path, 'utf8');
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  await writeFile(path, edited);
};

describe('loadPromptSet', () => {
  it.each(['small', 'paper'])('loads %s of the repository', async (name) => {
    const set = await loadPromptSet(name);
    expect(set.name).toBe(name);
    expect(PromptSet.parse(JSON.parse(JSON.stringify(set)))).toEqual(set);
  });

  it('takes a path, and the text of each file without its last line break', async () => {
    await writeFile(join(folder, 'judge.txt'), 'Judge {{stub}}\n');
    expect((await loadPromptSet(folder)).stages.judge.text).toBe('Judge {{stub}}');
  });

  it('begins the answer of small’s tests on a line of its own', async () => {
    const { tests } = (await loadPromptSet('small')).stages;
    expect(tests.text.endsWith('\n# Tests\n')).toBe(true);
  });

  it.each<[string, string | RegExp, string, string]>([
    [
      'an unknown key',
      'ask: chat',
      'asks: chat',
      'stages.propose.asks: unknown key "asks"; did you mean "ask"?',
    ],
    [
      'too many stops',
      'maxTokens: 200 }',
      'maxTokens: 200, stop: [a, b, c, d, e] }',
      'stages.judge.sampling.stop: at most 4',
    ],
    ['an unknown form', 'form: code-blocks', 'form: code', 'stages.sketch.form'],
    ['a scale of one', /scale: .*/, "scale: { '1': 0 }", 'stages.judge.scale: needs two tokens or more'],
    ['a file that is not there', 'text: judge.txt', 'text: judge2.txt', 'stages.judge.text names no file'],
    ['broken YAML', 'name: paper', 'name: [paper', 'prompt-set.yaml'],
  ])('names file and field of %s', async (_, from, to, message) => {
    await edit(from, to);
    await expect(loadPromptSet(folder)).rejects.toMatchObject({
      code: 'prompt-set-invalid',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [
      'tests.txt',
      'Write {{counts}} for {{functionName}}',
      'stages.tests.text: unknown placeholder {{counts}}',
    ],
    [
      'propose.txt',
      'Propose {{topic}}',
      'stages.propose.text: needs the placeholder {{difficulty}}, which levels fill',
    ],
    ['solve.txt', 'Solve it.', 'stages.solve.text: needs the placeholder {{stub}}'],
  ])('names the placeholder that is wrong in %s', async (file, text, message) => {
    await writeFile(join(folder, file), text);
    await expect(loadPromptSet(folder)).rejects.toMatchObject({
      code: 'prompt-set-invalid',
      message: expect.stringContaining(message),
    });
  });

  it('names a set that does not exist', async () => {
    await expect(loadPromptSet('nobody')).rejects.toMatchObject({
      code: 'prompt-set-invalid',
      message: expect.stringContaining('there is no prompt set nobody'),
    });
  });
});
