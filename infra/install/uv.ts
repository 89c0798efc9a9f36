/**
 * Gets uv, which installs the Python environment: the one on PATH, else the pinned one from the package
 * index through whichever pip the machine has. Debian without python3-pip and python3-venv has none;
 * there pip's own wheel comes from the python3-pip-whl package, unpacked without installing it, so no
 * root is needed either.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { projectRoot } from '../paths.ts';
import { atomicFolder } from './atomic-folder.ts';
import { canUseApt, unpackDebianPackages } from './debian-packages.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { type InstallContext, logFileOf, searchPathOf } from './install-context.ts';
import type { PythonInterpreter } from './python-interpreter.ts';
import { runLogged } from './run-logged.ts';

/** Stands in infra/python/uv-bootstrap.lock with its hashes. */
export const UV_VERSION = '0.13.9';
const MINIMUM_ON_PATH = [0, 5] as const;

type Say = (activity: string) => void;

export const ensureUv = async (
  context: InstallContext,
  python: PythonInterpreter,
  say: Say,
): Promise<string> => {
  const onPath = await uvOnPath(context);
  if (onPath !== undefined) return onPath;
  const folder = join(context.paths.cache, 'uv', UV_VERSION);
  const executable = join(folder, 'bin', 'uv');
  if (await isExecutable(executable)) return executable;
  say(`fetching uv ${UV_VERSION}`);
  await atomicFolder(folder, (temporary) => installUv(context, python, temporary, say));
  return executable;
};

const uvOnPath = async (context: InstallContext): Promise<string | undefined> => {
  const file = await findExecutable('uv', searchPathOf(context));
  if (file === undefined) return undefined;
  const { stdout, failed } = await execa(file, ['--version'], { reject: false, timeout: 10_000 });
  const [, major, minor] = /^uv (\d+)\.(\d+)/.exec(String(stdout)) ?? [];
  if (failed || major === undefined || minor === undefined) return undefined;
  const isRecent = Number(major) > MINIMUM_ON_PATH[0] || Number(minor) >= MINIMUM_ON_PATH[1];
  return isRecent ? file : undefined;
};

const installUv = async (
  context: InstallContext,
  python: PythonInterpreter,
  folder: string,
  say: Say,
): Promise<void> => {
  const tried: string[] = [];
  for (const way of [withOwnPip, withVirtualEnvironment, withDebianWheel]) {
    try {
      await way(context, python, folder, say);
      return;
    } catch (error) {
      tried.push(`- ${messageOf(error)}`);
    }
  }
  throw new UcoderError(
    'install-failed',
    `No way to get uv ${UV_VERSION}, which installs the Python packages. Tried:\n${tried.join('\n')}\nInstall uv, or pip for ${python.path} (Debian: apt-get install python3-venv).`,
  );
};

const withOwnPip = async (
  context: InstallContext,
  python: PythonInterpreter,
  folder: string,
): Promise<void> => {
  if (!python.hasPip) throw new UcoderError('install-failed', `${python.path} has no pip module.`);
  await pipInstall(context, python.path, ['-m', 'pip'], folder);
};

const withVirtualEnvironment = async (
  context: InstallContext,
  python: PythonInterpreter,
  folder: string,
): Promise<void> => {
  if (!python.hasVenv) throw new UcoderError('install-failed', `${python.path} has no venv module.`);
  const environment = join(folder, 'venv');
  await runLogged({
    command: python.path,
    arguments: ['-m', 'venv', environment],
    log: logFileOf(context, 'python'),
    purpose: 'making a virtual environment to run pip in',
    advice: 'Install python3-venv.',
  });
  await pipInstall(context, join(environment, 'bin', 'python'), ['-m', 'pip'], folder);
  await rm(environment, { recursive: true });
};

const withDebianWheel = async (
  context: InstallContext,
  python: PythonInterpreter,
  folder: string,
  say: Say,
): Promise<void> => {
  if (!(await canUseApt(context)))
    throw new UcoderError('install-failed', 'This is no Debian-like machine: no apt-get and dpkg.');
  const unpacked = await mkdtemp(join(folder, 'pip-'));
  const log = logFileOf(context, 'python');
  await unpackDebianPackages(context, { packages: ['python3-pip-whl'], folder: unpacked, log, say });
  const wheels = join(unpacked, 'usr', 'share', 'python-wheels');
  const wheel = (await readdir(wheels)).find((name) => name.startsWith('pip-') && name.endsWith('.whl'));
  if (wheel === undefined) throw new UcoderError('install-failed', 'python3-pip-whl carries no pip wheel.');
  // A wheel is a zip file, and Python runs a package that lies in one.
  await pipInstall(context, python.path, [join(wheels, wheel, 'pip')], folder);
  await rm(unpacked, { recursive: true });
};

const pipInstall = async (
  context: InstallContext,
  python: string,
  pip: readonly string[],
  folder: string,
): Promise<void> => {
  await runLogged({
    command: python,
    arguments: [
      ...pip,
      ...[
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--require-hashes',
        '--target',
        folder,
      ],
      ...['--requirement', join(projectRoot, 'infra', 'python', 'uv-bootstrap.lock')],
    ],
    log: logFileOf(context, 'python'),
    purpose: `fetching uv ${UV_VERSION} with pip`,
    advice: 'Check that the Python package index is reached (pip config list), or install uv yourself.',
  });
};
