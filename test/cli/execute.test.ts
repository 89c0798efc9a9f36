import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Executor } from '../../activities/sandbox/executor.ts';
import { type ExecuteDependencies, runExecute } from '../../cli/commands/execute.ts';
import { UcoderError } from '../../core/errors.ts';
import type { Batch } from '../../core/execution/batch.ts';

const batch = (id: string, parts: object = {}) => ({
  id,
  language: 'python',
  tests: [],
  candidates: [],
  ...parts,
});

/** Answers later batches sooner; `broken` fails. */
const scripted = (text: string) => {
  const printed: string[] = [];
  const ran: string[] = [];
  const executor: Executor = {
    executedPrograms: 0,
    close: async () => undefined,
    execute: async ({ id }: Batch) => {
      ran.push(id);
      for (let turn = 0; turn < (id === 'first' ? 50 : 1); turn += 1) await Promise.resolve();
      if (id === 'broken') throw new UcoderError('sandbox-failed', 'A container died.');
      return { id, tests: [], invalidTests: [], candidates: [] };
    },
  };
  const dependencies: ExecuteDependencies = {
    read: async () => text,
    print: (part) => void printed.push(part),
    withExecutor: (work) => work(executor),
  };
  return { printed, ran, dependencies };
};

const lines = (...values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');

describe('ucoder execute', () => {
  it('answers JSON with JSON and JSON Lines with JSON Lines, in the same order', async () => {
    const one = scripted(JSON.stringify(batch('only')));
    await runExecute({ source: 'batch.json' }, one.dependencies);
    expect(JSON.parse(one.printed.join(''))).toMatchObject({ id: 'only' });

    const many = scripted(lines(batch('first'), batch('second'), batch('third')));
    await runExecute({ source: 'batches.jsonl' }, many.dependencies);
    const ids = many.printed
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(['first', 'second', 'third']);
  });

  it('runs and prints nothing unless all is valid', async () => {
    const faults: readonly (readonly [object, RegExp])[] = [
      [
        batch('b', { tests: [{ id: 't' }] }),
        /2: tests\[0\]: a test needs exactly one of call\+expected, assert, program/,
      ],
      [batch('b', { tests: [{ id: 't', program: '', assert: '' }] }), /exactly one of/],
      [batch('b', { tests: [{ id: 't', call: 'f()', expectd: '1' }] }), /did you mean "expected"/],
      [batch('b', { language: 'pyhton' }), /2: language: .*python/],
      [batch('b', { limits: { memoryMB: 1 } }), /limits\.memoryMB.*did you mean "memoryMb"/],
      [
        batch('b', {
          candidates: [
            { id: 'c', code: '' },
            { id: 'c', code: '' },
          ],
        }),
        /candidates\[1\]\.id: duplicate id "c"/,
      ],
    ];
    for (const [fault, message] of faults) {
      const { dependencies, printed, ran } = scripted(lines(batch('a'), fault));
      const failed = runExecute({ source: 'batches.jsonl' }, dependencies);
      await expect(failed).rejects.toMatchObject({
        code: 'invalid-input',
        message: expect.stringMatching(message),
      });
      expect([printed, ran]).toEqual([[], []]);
    }
  });

  it('writes the file whole or not at all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ucoder-execute-'));
    try {
      const out = join(folder, 'matrices.jsonl');
      const good = scripted(lines(batch('first'), batch('second')));
      await runExecute({ source: 'batches.jsonl', out }, good.dependencies);
      expect((await readFile(out, 'utf8')).split('\n')).toHaveLength(3);
      expect(good.printed).toEqual([]);

      const bad = scripted(lines(batch('first'), batch('broken')));
      const other = join(folder, 'other.jsonl');
      await expect(
        runExecute({ source: 'batches.jsonl', out: other }, bad.dependencies),
      ).rejects.toMatchObject({
        code: 'sandbox-failed',
      });
      expect(await readdir(folder)).toEqual(['matrices.jsonl']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
