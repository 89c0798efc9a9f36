/** Tells whether sources changed since a process started from them: paths, sizes and times, not contents. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../paths.ts';

const FOLDERS = ['activities', 'cli', 'core', 'infra', 'workers', 'workflows'];

/** Takes a few milliseconds for a few hundred files. */
export const codeVersion = async (root: string = projectRoot): Promise<string> => {
  const files = (await Promise.all(FOLDERS.map((folder) => sourcesIn(join(root, folder))))).flat();
  const lines = await Promise.all(
    [...files, join(root, 'package-lock.json')].map(async (file) => {
      const found = await stat(file).catch(() => undefined);
      return `${file} ${found?.size} ${found?.mtimeMs}`;
    }),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
};

const sourcesIn = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
};
