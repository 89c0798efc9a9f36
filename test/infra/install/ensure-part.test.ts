import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../infra/environment.ts';
import { atomicFolder } from '../../../infra/install/atomic-folder.ts';
import { ensurePart } from '../../../infra/install/ensure-part.ts';
import { installContext } from '../../../infra/install/install-context.ts';
import type { Part, Progress } from '../../../infra/install/part.ts';

const INSTALL = resolve(import.meta.dirname, '../../../infra/install');
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'ucoder-part-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const context = () => installContext(readEnvironment({ UCODER_CACHE: cache }), process.env);
const target = () => join(cache, 'part');

/** A part of two files: half of it is worse than nothing. */
const twoFiles = (
  between: () => Promise<void> = async () => undefined,
): Part<string> & { installs: () => number } => {
  let count = 0;
  return {
    name: 'humaneval',
    installs: () => count,
    isInstalled: async () => (existsSync(target()) ? target() : undefined),
    async install(say) {
      count += 1;
      say('writing');
      await atomicFolder(target(), async (folder) => {
        await writeFile(join(folder, 'first'), '1');
        await between();
        await writeFile(join(folder, 'second'), '2');
      });
      return target();
    },
  };
};

/** Installs the same part in a process of its own that stops half-way and waits to be killed. */
const installHalfElsewhere = async (): Promise<ReturnType<typeof spawn>> => {
  const program = `
    import { writeFileSync } from 'node:fs';
    import { atomicFolder } from ${JSON.stringify(join(INSTALL, 'atomic-folder.ts'))};
    import { ensurePart } from ${JSON.stringify(join(INSTALL, 'ensure-part.ts'))};
    import { installContext } from ${JSON.stringify(join(INSTALL, 'install-context.ts'))};
    const forever = () => new Promise(() => setInterval(() => {}, 1000));
    await ensurePart(installContext(), {
      name: 'humaneval',
      isInstalled: async () => undefined,
      install: () => atomicFolder(${JSON.stringify(target())}, async (folder) => {
        writeFileSync(folder + '/first', 'half');
        console.log('half-way');
        await forever();
      }),
    }, () => {});`;
  const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, UCODER_CACHE: cache },
  });
  await new Promise<void>((resolve) => other.stdout?.once('data', () => resolve()));
  return other;
};

describe('ensurePart', () => {
  it('installs once, then finds what is there', async () => {
    const part = twoFiles();
    const seen: Progress[] = [];
    expect(await ensurePart(context(), part, (progress) => seen.push(progress))).toBe(target());
    expect(await ensurePart(context(), part, (progress) => seen.push(progress))).toBe(target());
    expect(part.installs()).toBe(1);
    expect(seen.map(({ activity }) => activity)).toEqual(['writing', 'installed']);
  });

  it('installs once when five ask at the same time', async () => {
    const part = twoFiles();
    await Promise.all(Array.from({ length: 5 }, () => ensurePart(context(), part, () => undefined)));
    expect(part.installs()).toBe(1);
  });

  it('waits for another process, and starts afresh when that one is killed half-way', async () => {
    const other = await installHalfElsewhere();
    const part = twoFiles();
    const seen: string[] = [];
    const kill = (activity: string) => {
      seen.push(activity);
      if (activity.startsWith('waiting')) other.kill('SIGKILL');
    };
    await ensurePart(context(), part, ({ activity }) => kill(activity));
    expect(seen).toEqual(['waiting for another process that installs this', 'writing', 'installed']);
    expect((await readdir(target())).sort()).toEqual(['first', 'second']);
    expect((await readdir(cache)).filter((name) => name.startsWith('.unfinished'))).toEqual([]);
  });

  it('leaves nothing behind when it fails, and succeeds the next time', async () => {
    const broken = twoFiles(() => Promise.reject(new Error('no disk')));
    await expect(ensurePart(context(), broken, () => undefined)).rejects.toThrow('no disk');
    expect(existsSync(target())).toBe(false);
    expect((await readdir(cache)).filter((name) => name.startsWith('.unfinished'))).toEqual([]);
    await ensurePart(context(), twoFiles(), () => undefined);
    expect((await readdir(target())).sort()).toEqual(['first', 'second']);
  });
});
