/**
 * `npm run lock`: adds to package-lock.json the optional packages of other platforms. Where a registry does not
 * offer them, `npm install` leaves them out without a word, and `npm ci` then refuses the whole file. To be run
 * after `npm install`; a test says when.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../infra/paths.ts';

const LockedPackage = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const LockFile = z.looseObject({ packages: z.record(z.string(), LockedPackage) });
export type LockFile = z.infer<typeof LockFile>;

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

export const parseLock = (text: string): LockFile => LockFile.parse(JSON.parse(text));

/** What locked packages name as optional and the lock does not have: name, version, and whether only tests need it. */
export const missingOptional = ({ packages }: LockFile): { name: string; version: string; dev: boolean }[] =>
  Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map(([name, version]) => ({ name, version, dev })),
  );

/** Where Node looks a dependency of the package at `path` up: its own folder, then those around it. */
const foldersAbove = (path: string): string[] => {
  const inner = path === '' ? [] : [`${path}/`];
  const end = path.lastIndexOf('/node_modules/');
  return [...inner, ...(end < 0 ? [''] : foldersAbove(path.slice(0, end)))];
};

/** A platform package says in its name where it runs, by which npm leaves it aside elsewhere. */
const entryOf = (name: string, version: string, dev: boolean) => {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (os.length === 0 || cpu.length === 0) throw new Error(`${name} does not say which platform it is for.`);
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  return { version, cpu, ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os };
};

export const completeLock = (lock: LockFile): LockFile => {
  const packages = Object.entries(lock.packages);
  for (const { name, version, dev } of missingOptional(lock)) {
    packages.push([`node_modules/${name}`, entryOf(name, version, dev)]);
  }
  packages.sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(packages) };
};

if (process.argv[1]?.endsWith('complete-lock.ts')) {
  const file = join(projectRoot, 'package-lock.json');
  const lock = parseLock(await readFile(file, 'utf8'));
  const missing = missingOptional(lock);
  if (missing.length > 0) await writeFile(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  process.stdout.write(`${missing.length} packages of other platforms added to package-lock.json.\n`);
}
