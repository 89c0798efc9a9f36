import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLogged } from '../../../infra/install/run-logged.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const shell = (script: string, more: { timeoutMs?: number; onLine?: (line: string) => void } = {}) =>
  runLogged({
    command: 'sh',
    arguments: ['-c', script],
    log: join(folder, 'logs', 'part.log'),
    purpose: 'trying',
    advice: 'Try again.',
    ...more,
  });

describe('runLogged', () => {
  it('gives standard output, reports each line, and keeps all of it in the log', async () => {
    const lines: string[] = [];
    expect(await shell('echo one; echo two >&2', { onLine: (line) => lines.push(line) })).toBe('one');
    expect(lines.sort()).toEqual(['one', 'two']);
    expect(await readFile(join(folder, 'logs', 'part.log'), 'utf8')).toMatch(/trying[\s\S]*one|two/);
  });

  it('fails with the last lines, the log and the advice', async () => {
    const failure = shell('for i in $(seq 30); do echo line $i; done; exit 3');
    await expect(failure).rejects.toMatchObject({ code: 'install-failed' });
    await expect(failure).rejects.toThrow(/while trying.*exit code 3.*line 30.*part\.log.*Try again\./s);
    await expect(failure).rejects.not.toThrow(/line 3\n/);
  });

  it('says so when a command is missing or takes too long', async () => {
    await expect(shell('sleep 60', { timeoutMs: 50 })).rejects.toThrow(/took longer than 0\.05 s/);
    const missing = runLogged({
      command: 'no-such-program',
      arguments: [],
      log: join(folder, 'log'),
      purpose: 'trying',
      advice: '',
    });
    await expect(missing).rejects.toThrow(/no-such-program.*ENOENT/s);
  });

  it('tells a full disk from other failures', async () => {
    const failure = shell('echo "write: No space left on device" >&2; exit 1');
    await expect(failure).rejects.toMatchObject({ code: 'disk-full' });
  });
});
