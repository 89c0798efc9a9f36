/**
 * Downloads and unpacks Debian packages without installing them, as any user: apt works on package lists
 * and an archive folder of our own, with the machine's sources and keys, so signatures are checked as usual.
 */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UcoderError } from '../../core/errors.ts';
import { findExecutable } from './find-executable.ts';
import { type InstallContext, searchPathOf } from './install-context.ts';
import { withLock } from './lock.ts';
import { runLogged } from './run-logged.ts';

const LISTS_MAX_AGE_MS = 24 * 60 * 60 * 1000;
const UPDATE_TIMEOUT_MS = 5 * 60 * 1000;
const DOWNLOAD_TIMEOUT_MS = 15 * 60 * 1000;

export type PackageRequest = Readonly<{
  packages: readonly string[];
  /** Everything is unpacked into this folder as if it were the root of a file system. */
  folder: string;
  log: string;
  say: (activity: string) => void;
  /** Also what the packages depend on, as on an empty machine; for a root file system. */
  withDependencies?: boolean;
}>;

/** The programs this needs: all are part of every Debian, and dpkg-deb of many others. */
export const canUseApt = async (context: InstallContext): Promise<boolean> => {
  const found = await Promise.all(['apt-get', 'dpkg-deb'].map((name) => findExecutable(name, searchPathOf(context))));
  return found.every((path) => path !== undefined);
};

export const unpackDebianPackages = async (context: InstallContext, request: PackageRequest): Promise<void> => {
  const root = join(context.paths.cache, 'apt');
  await mkdir(root, { recursive: true });
  const waiting = () => request.say('waiting for another download of Debian packages');
  const archives = await withLock(join(root, 'lock'), waiting, () => download(root, request));
  await mkdir(request.folder, { recursive: true });
  for (const [index, archive] of archives.entries()) {
    request.say(`unpacking Debian packages, ${index + 1} of ${archives.length}`);
    await runLogged({
      command: 'dpkg-deb',
      arguments: ['--extract', archive, request.folder],
      log: request.log,
      purpose: `unpacking ${archive}`,
      advice: 'Check the free space on that disk.',
    });
  }
};

/** Returns the archives of the request, in apt's order. */
const download = async (root: string, request: PackageRequest): Promise<string[]> => {
  const options = await privateApt(root);
  if (!(await listsAreFresh(root))) await update(root, options, request);
  try {
    return await fetchArchives(root, options, request);
  } catch {
    // The archive drops a version when its successor comes: lists of this morning may name files that are gone.
    await update(root, options, request);
    return await fetchArchives(root, options, request);
  }
};

const privateApt = async (root: string): Promise<string[]> => {
  const folders = ['lists/partial', 'archives/partial'];
  await Promise.all(folders.map((name) => mkdir(join(root, name), { recursive: true })));
  // An empty status file makes apt believe that nothing is installed: dependencies are then complete.
  await writeFile(join(root, 'status'), '');
  const settings = {
    'Dir::State::Lists': join(root, 'lists'),
    'Dir::State::status': join(root, 'status'),
    'Dir::Cache::archives': join(root, 'archives'),
    'Dir::Cache::pkgcache': join(root, 'pkgcache.bin'),
    'Dir::Cache::srcpkgcache': join(root, 'srcpkgcache.bin'),
    'Dir::Etc::AptListChanges': '/dev/null',
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    // The images of containers delete every archive after a run; hooks of the host have no business here.
    'APT::Keep-Downloaded-Packages': 'true',
    'Binary::apt-get::APT::Keep-Downloaded-Packages': 'true',
  };
  const hooks = ['DPkg::Post-Invoke', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success', 'APT::Update::Pre-Invoke', 'DPkg::Pre-Install-Pkgs', 'DPkg::Pre-Invoke'];
  const configuration = [
    ...hooks.map((name) => `#clear ${name};`),
    ...Object.entries(settings).map(([key, value]) => `${key} "${value}";`),
  ];
  await writeFile(join(root, 'apt.conf'), `${configuration.join('\n')}\n`);
  return ['-c', join(root, 'apt.conf')];
};

const listsAreFresh = async (root: string): Promise<boolean> => {
  const updated = await stat(join(root, 'updated')).catch(() => undefined);
  return updated !== undefined && Date.now() - updated.mtimeMs < LISTS_MAX_AGE_MS;
};

const update = async (root: string, options: readonly string[], request: PackageRequest): Promise<void> => {
  request.say('reading the lists of Debian packages');
  await runLogged({
    command: 'apt-get',
    arguments: [...options, 'update', '--quiet'],
    log: request.log,
    purpose: 'reading the lists of Debian packages',
    advice: 'Check that the sources in /etc/apt are reached.',
    timeoutMs: UPDATE_TIMEOUT_MS,
  });
  await writeFile(join(root, 'updated'), '');
};

const fetchArchives = async (root: string, options: readonly string[], request: PackageRequest): Promise<string[]> => {
  request.say(`downloading ${request.packages.join(', ')}`);
  const advice = 'Check that the sources in /etc/apt are reached and carry these packages.';
  const step = { command: 'apt-get', log: request.log, advice, timeoutMs: DOWNLOAD_TIMEOUT_MS };
  const purpose = `downloading the Debian packages ${request.packages.join(', ')}`;
  const names = request.withDependencies === true
    ? await closure(options, request)
    : request.packages;
  const folder = join(root, 'archives');
  const before = new Set(await readdir(folder));
  void before;
  await runLogged({ ...step, purpose, folder, arguments: [...options, 'download', '--quiet', ...names] });
  return await Promise.all(names.map((name) => archiveOf(folder, name)));
};
