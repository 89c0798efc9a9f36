/** Where the living supervisor is found: its process, its socket and the sources it was started from. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Paths } from '../paths.ts';
import { isAlive } from './process-identity.ts';
import { writeWhole } from './run-record.ts';

const SupervisorRecord = z.object({
  pid: z.int().positive(),
  startTime: z.number(),
  socketPath: z.string(),
  codeVersion: z.string(),
});
export type SupervisorRecord = z.infer<typeof SupervisorRecord>;

const fileOf = ({ run }: Pick<Paths, 'run'>): string => join(run, 'supervisor.json');

/** Undefined where none lives. */
export const findSupervisor = async (paths: Pick<Paths, 'run'>): Promise<SupervisorRecord | undefined> => {
  try {
    const record = SupervisorRecord.parse(JSON.parse(await readFile(fileOf(paths), 'utf8')));
    return (await isAlive(record)) ? record : undefined;
  } catch {
    return undefined;
  }
};

export const writeSupervisorRecord = (paths: Pick<Paths, 'run'>, record: SupervisorRecord): Promise<void> =>
  writeWhole(fileOf(paths), JSON.stringify(record));

export const removeSupervisorRecord = (paths: Pick<Paths, 'run'>): Promise<void> =>
  rm(fileOf(paths), { force: true });
