/** Files on their way: written beside their place under a name that tells whose they are, then renamed. */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../process-alive.ts';

const MARK = '.partial-';
const SEPARATOR = '~';

/** A name that no other attempt has. */
export const partialPath = (path: string): string =>
  `${path}${MARK}${[hostname(), process.pid, randomUUID()].join(SEPARATOR)}`;

/** Removes what processes of this host that were killed left of the same file; what living ones write stays. */
export const removeAbandonedPartials = async (path: string): Promise<void> => {
  const prefix = `${basename(path)}${MARK}${hostname()}${SEPARATOR}`;
  const found = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix));
  const abandoned = found.filter((name) => !isAlive(Number(name.slice(prefix.length).split(SEPARATOR)[0])));
  await Promise.all(abandoned.map((name) => rm(join(dirname(path), name), { force: true })));
};
