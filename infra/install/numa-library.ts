/**
 * vLLM's CPU kernels link against libnuma, which a small Debian does not have. It is then unpacked into the
 * Python environment, and a .pth file loads it first: a library that is loaded already is not searched for.
 */
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { UcoderError } from '../../core/errors.ts';
import { canUseApt, unpackDebianPackages } from './debian-packages.ts';
import { type InstallContext, logFileOf } from './install-context.ts';

const LIBRARY = 'libnuma.so.1';
const PRELOAD = `import ctypes, sys; ctypes.CDLL(sys.prefix + "/lib/${LIBRARY}", mode=ctypes.RTLD_GLOBAL)\n`;

/** Makes sure that `python`, an interpreter inside `environment`, finds libnuma. */
export const ensureNumaLibrary = async (
  context: InstallContext,
  environment: string,
  python: string,
  say: (activity: string) => void,
): Promise<void> => {
  if (await loads(python)) return;
  if (!(await canUseApt(context))) {
    throw new UcoderError(
      'install-failed',
      `${LIBRARY} is missing, which vLLM links against. Install it (package numactl or libnuma1).`,
    );
  }
  const unpacked = await mkdtemp(join(environment, 'numa-'));
  await unpackDebianPackages(context, {
    packages: ['libnuma1'],
    folder: unpacked,
    log: logFileOf(context, 'python'),
    say,
  });
  const files = await readdir(unpacked, { recursive: true });
  const file = files.find((name) => /\/libnuma\.so\.1\.\d/.test(name));
  if (file === undefined)
    throw new UcoderError('install-failed', `The Debian package libnuma1 holds no ${LIBRARY}.`);
  await rename(join(unpacked, file), join(environment, 'lib', LIBRARY));
  await rm(unpacked, { recursive: true });
  await writeFile(join(await sitePackages(python), 'ucoder-libnuma.pth'), PRELOAD);
};

const loads = async (python: string): Promise<boolean> => {
  const { failed } = await execa(python, ['-c', `import ctypes; ctypes.CDLL("${LIBRARY}")`], {
    reject: false,
  });
  return !failed;
};

const sitePackages = async (python: string): Promise<string> => {
  const { stdout } = await execa(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  return stdout.trim();
};
