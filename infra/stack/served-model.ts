/** The model that our own server is to serve, as the serving activity wrote it; the base model at first. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Installed } from '../install/part.ts';
import type { Paths } from '../paths.ts';

const ServedModel = z.strictObject({
  name: z.string().min(1),
  /** A folder with safetensors, config and tokenizer. */
  path: z.string().min(1),
  sha256: z.string().nullable(),
  contextLength: z.int().min(1),
});
export type ServedModel = z.infer<typeof ServedModel>;

/** As ModelConfig.contextLength has it. */
const DEFAULT_CONTEXT_LENGTH = 2048;

/** Undefined where there is neither a wish nor a base model. A checkpoint that was deleted is no wish. */
export const desiredModel = async (
  { run }: Pick<Paths, 'run'>,
  base: Installed['model'],
): Promise<ServedModel | undefined> => {
  const wish = await readServedModel(join(run, 'served-model.json'));
  if (wish) return wish;
  return (
    base && {
      name: base.name,
      path: base.path,
      sha256: base.weightsSha256,
      contextLength: DEFAULT_CONTEXT_LENGTH,
    }
  );
};

/** As the file says; undefined where there is none, or its checkpoint was deleted. */
export const readServedModel = async (file: string): Promise<ServedModel | undefined> => {
  try {
    const wish = ServedModel.parse(JSON.parse(await readFile(file, 'utf8')));
    await access(join(wish.path, 'config.json'));
    return wish;
  } catch {
    return undefined;
  }
};
