/** What the supervisor notes of each process it starts, so that the next supervisor can adopt it. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const RunRecord = z.object({
  pid: z.int().positive(),
  startTime: z.number(),
  /** Hash of the definition it was started from. */
  fingerprint: z.string(),
  /** Length of its log when it was started. */
  logOffset: z.number(),
  startedAt: z.iso.datetime(),
});
export type RunRecord = z.infer<typeof RunRecord>;

const fileOf = (run: string, name: string): string => join(run, `${name}.json`);

/** Undefined where there is none, or one that cannot be read. */
export const readRunRecord = async (run: string, name: string): Promise<RunRecord | undefined> => {
  try {
    return RunRecord.parse(JSON.parse(await readFile(fileOf(run, name), 'utf8')));
  } catch {
    return undefined;
  }
};

export const writeRunRecord = (run: string, name: string, record: RunRecord): Promise<void> =>
  writeWhole(fileOf(run, name), JSON.stringify(record));

export const removeRunRecord = (run: string, name: string): Promise<void> =>
  rm(fileOf(run, name), { force: true });

/** A reader never sees half of it: written beside, then renamed. For this user's eyes only. */
export const writeWhole = async (file: string, text: string): Promise<void> => {
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, file);
};
