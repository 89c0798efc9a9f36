/** Files on their way: written beside their place under a name that tells whose they are, then renamed. */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasEnded, SEPARATOR, thisHolder } from '../holder.ts';

const MARK = '.partial-';

/** A name that no other attempt has. */
export const partialPath = async (path: string): Promise<string> =>
  `${path}${MARK}${await thisHolder()}${SEPARATOR}${randomUUID()}`;

/** Removes what processes of this host that were killed left of the same file; what living ones write stays. */
export const removeAbandonedPartials = async (path: string): Promise<void> => {
  const prefix = basename(path) + MARK;
  const found = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix));
  for (const name of found)
    if (await hasEnded(name.slice(prefix.length))) await rm(join(dirname(path), name), { force: true });
};
