/** The desired model of our own server; its supervisor builds the server's command from this file. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

export const ServedModel = z.strictObject({
  name: z.string(),
  path: z.string(),
  sha256: z.string().nullable(),
  contextLength: z.int().min(1),
});
export type ServedModel = z.infer<typeof ServedModel>;

export const readServedModel = async (file: string): Promise<ServedModel | undefined> => {
  try {
    return ServedModel.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None yet, or an older form: it is written anew.
    return undefined;
  }
};

/** Whole or not at all. False where the file says the same already. */
export const writeServedModel = async (file: string, model: ServedModel): Promise<boolean> => {
  const before = await readServedModel(file);
  if (before && JSON.stringify(before) === JSON.stringify(ServedModel.parse(model))) return false;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, `${JSON.stringify(ServedModel.parse(model), null, 2)}\n`);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return true;
};
