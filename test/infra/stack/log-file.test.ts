import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastLines, readSince, rotate } from '../../../infra/stack/log-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-log-'));
  file = join(folder, 'a.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a service log', () => {
  it('is kept beside an older one when it grew too long, while it is written to', async () => {
    await writeFile(file, 'x'.repeat(101));
    expect(await rotate(file, 100)).toBe(true);
    await appendFile(file, 'later\n');
    expect(await readFile(file, 'utf8')).toBe('later\n');
    expect(await readFile(`${file}.1`, 'utf8')).toHaveLength(101);
    expect(await rotate(file, 100)).toBe(false);
  });

  it('is read from where a process began, or from its start once it was rotated', async () => {
    await writeFile(file, 'old\nnew one\n\nnew two\n');
    expect(await lastLines(file, 4)).toEqual(['new one', 'new two']);
    expect(await lastLines(file, 4, 1)).toEqual(['new two']);
    expect(await readSince(file, 1000)).toContain('old');
    expect(await readSince(join(folder, 'none'), 0)).toBe('');
  });
});
