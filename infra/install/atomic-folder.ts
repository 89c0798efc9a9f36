/** Makes a folder appear complete or not at all: it is filled beside its place and renamed at the end. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const UNFINISHED = '.unfinished-';

/**
 * Fills `target` through a temporary folder in the same place (rename works only within a file system).
 * The caller holds the part's lock, so whatever a killed installer left behind is swept first.
 */
export const atomicFolder = async (
  target: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> => {
  const parent = dirname(target);
  const prefix = `${UNFINISHED}${basename(target)}-`;
  await mkdir(parent, { recursive: true });
  await sweep(parent, prefix);
  const folder = await mkdtemp(join(parent, prefix));
  try {
    await fill(folder);
    // mkdtemp makes folders that only their owner may enter.
    await chmod(folder, 0o755);
    if (existsSync(target)) await rm(target, { recursive: true, force: true });
    await rename(folder, target);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
};

const sweep = async (parent: string, prefix: string): Promise<void> => {
  const leftovers = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(leftovers.map((name) => rm(join(parent, name), { recursive: true, force: true })));
};
