import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../infra/install/lock.ts';

const LOCK = resolve(import.meta.dirname, '../../../infra/install/lock.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Another process that takes the lock and keeps it until it is killed. */
const holdElsewhere = async (file: string): Promise<ReturnType<typeof spawn>> => {
  const program = `
    import { withLock } from ${JSON.stringify(LOCK)};
    await withLock(${JSON.stringify(file)}, () => {}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve) => other.stdout?.once('data', () => resolve()));
  return other;
};

describe('withLock', () => {
  it('lets one in at a time, in this process too', async () => {
    const file = join(folder, 'lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, () => undefined, work)));
    expect(most).toBe(1);
  });

  it('says once that it waits, and gets in after the holder was killed with -9', async () => {
    const file = join(folder, 'lock');
    const other = await holdElsewhere(file);
    let waits = 0;
    const waiting = new Promise<void>((resolve) => {
      const mine = withLock(
        file,
        () => {
          waits += 1;
          other.kill('SIGKILL');
        },
        async () => resolve(),
      );
      mine.catch(() => undefined);
    });
    await waiting;
    expect(waits).toBe(1);
  });

  it('is free again after a failure, and passes the failure on', async () => {
    const file = join(folder, 'deep', 'lock');
    await expect(
      withLock(
        file,
        () => undefined,
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no');
    await expect(
      withLock(
        file,
        () => undefined,
        async () => 'in',
      ),
    ).resolves.toBe('in');
  });

  it('says which folder it cannot make, and what to do', async () => {
    await writeFile(join(folder, 'file'), '');
    const file = join(folder, 'file', 'lock');
    await expect(
      withLock(
        file,
        () => undefined,
        async () => 'in',
      ),
    ).rejects.toThrow(/file.*UCODER_CACHE/s);
  });
});
