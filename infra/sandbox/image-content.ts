/**
 * What is in the sandbox image, for both ways of building it: the Dockerfile where a registry is reached, and
 * Debian packages with `docker import` where none is. The tag changes with the content.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the Dockerfile: also its build context. */
export const sandboxFolder = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

export const imageContent = {
  /** Roots; with all that they depend on, without recommendations. */
  debianPackages: ['python3-minimal', 'libpython3-stdlib'],
  /** Copied recursively, as owned by root, readable by all. */
  copies: [{ from: join(sandboxFolder, 'python'), to: '/opt/ucoder-runner' }],
  /** Mount points that a read-only root needs, and mode 1777 for the first. */
  folders: ['/tmp', '/proc', '/sys', '/dev'],
  /**
   * To be run in the image’s root (a container of it with a writable root, then committed; or chroot): candidates’
   * imports are then not compiled anew in each container. Optional: without it all works, more slowly.
   */
  compile: [
    '/usr/bin/python3',
    '-m',
    'compileall',
    '-q',
    '-x',
    'test|lib2to3',
    '/usr/lib',
    '/opt/ucoder-runner',
  ],
  entrypoint: ['/usr/bin/python3', '-s', '-S', '-P', '/opt/ucoder-runner/main.py'],
  environment: {
    PATH: '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: '/tmp',
    // Sets print in the same order in every run.
    PYTHONHASHSEED: '0',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
    // Each thread would otherwise reserve 64 MiB of a candidate's address space.
    MALLOC_ARENA_MAX: '1',
  },
  labels: { 'ucoder.image': 'sandbox-python' },
} as const;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === '__pycache__' || entry.name === 'tests' ? [] : filesBelow(path);
    return /\.(py|toml)$/.test(entry.name) ? [path] : [];
  });

let cachedTag: string | undefined;

/** `ucoder/sandbox-python:<hash>`. Two clones with the same runner share the image. */
export const sandboxImageTag = (): string => {
  if (cachedTag === undefined) {
    const hash = createHash('sha256').update(JSON.stringify({ ...imageContent, copies: [] }));
    for (const path of [
      ...filesBelow(join(sandboxFolder, 'python')),
      join(sandboxFolder, 'Dockerfile'),
    ].sort()) {
      hash.update(`\0${relative(sandboxFolder, path).split(sep).join('/')}\0`).update(readFileSync(path));
    }
    cachedTag = `ucoder/sandbox-python:${hash.digest('hex').slice(0, 16)}`;
  }
  return cachedTag;
};
