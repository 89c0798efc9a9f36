/** What `ucoder up` asks for, kept so that a supervisor of any age and the clients know it too. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Installed } from '../install/part.ts';
import type { Paths } from '../paths.ts';
import { writeWhole } from './run-record.ts';
import { SERVICE_NAMES } from './service.ts';

export const StackFile = z.object({
  installed: z.custom<Installed>((value) => typeof value === 'object' && value !== null),
  /** The user's variables that services are started with, credentials included: the file is for this user only. */
  variables: z.record(z.string(), z.string()),
  /** The services that shall run; more may be in the table. */
  services: z.array(z.enum(SERVICE_NAMES)),
});
export type StackFile = z.infer<typeof StackFile>;

const fileOf = ({ secrets }: Pick<Paths, 'secrets'>): string => join(secrets, 'stack.json');

/** Undefined where nothing was started yet, or by a version that wrote it otherwise. */
export const readStackFile = async (paths: Pick<Paths, 'secrets'>): Promise<StackFile | undefined> => {
  try {
    return StackFile.parse(JSON.parse(await readFile(fileOf(paths), 'utf8')));
  } catch {
    return undefined;
  }
};

export const writeStackFile = async (paths: Pick<Paths, 'secrets'>, stack: StackFile): Promise<void> => {
  await mkdir(dirname(fileOf(paths)), { recursive: true, mode: 0o700 });
  await writeWhole(fileOf(paths), JSON.stringify(stack, null, 2));
};

/** Who calls `up` later with other settings must reach services that an older supervisor starts. */
const HANDED_ON = /^(AWS|DOCKER|TEMPORAL|UCODER)_/;

export const handedOn = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      HANDED_ON.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );

/** What services inherit: without what an older shell handed on, which the table gives anew to those that need it. */
export const withoutHandedOn = (variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !HANDED_ON.test(name)));
