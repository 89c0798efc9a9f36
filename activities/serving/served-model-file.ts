/** The desired model of our own server; its supervisor builds the server's command from this file. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServedModel } from '../../infra/stack/served-model.ts';

/** Whole or not at all. False where the file says the same already. */
export const writeServedModel = async (
  file: string,
  { name, path, sha256, contextLength }: ServedModel,
): Promise<boolean> => {
  const text = `${JSON.stringify({ name, path, sha256, contextLength }, null, 2)}\n`;
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return false;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return true;
};
