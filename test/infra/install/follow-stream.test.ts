import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followStream } from '../../../infra/install/follow-stream.ts';

let log: string;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-follow-'));
  log = join(folder, 'image.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('followStream', () => {
  it('reports and logs what the engine says', async () => {
    const said: string[] = [];
    const stream = Readable.from([
      '{"stream":"Step 1/2\\n"}\n{"status":"Pulling"}\n',
      '{"aux":{"ID":"x"}}\n',
    ]);
    await followStream(stream, { log, silenceMs: 1000, say: (line) => said.push(line) });
    expect(said).toEqual(['Step 1/2', 'Pulling']);
    expect(await readFile(log, 'utf8')).toBe('Step 1/2\nPulling\n');
  });

  it('fails with the error that comes in the stream, although the answer was 200', async () => {
    const stream = Readable.from(['{"stream":"Step 1/2"}\n{"error":"no such host"}\n']);
    await expect(followStream(stream, { log, silenceMs: 1000, say: () => undefined })).rejects.toThrow(
      'no such host',
    );
  });

  it('gives up on an engine that says nothing', async () => {
    const stream = new PassThrough();
    await expect(followStream(stream, { log, silenceMs: 20, say: () => undefined })).rejects.toThrow(
      'said nothing',
    );
  });
});
