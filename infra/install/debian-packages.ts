/**
 * Downloads and unpacks Debian packages without installing them, as any user: apt works on package lists
 * and an archive folder of our own, with the machine's sources and keys, so signatures are checked as usual.
 */
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  /**
   * What the packages depend on: nothing; what this machine lacks (programs that run here); or everything
   * down to the C library, as on an empty machine (a root file system).
   */
  dependencies?: 'none' | 'missing' | 'all';
}>;

/** The programs this needs: all are part of every Debian, and dpkg-deb of many others. */
export const canUseApt = async (context: InstallContext): Promise<boolean> => {
  const found = await Promise.all(
    ['apt-get', 'dpkg-deb'].map((name) => findExecutable(name, searchPathOf(context))),
  );
  return found.every((path) => path !== undefined);
};

export const unpackDebianPackages = async (
  context: InstallContext,
  request: PackageRequest,
): Promise<void> => {
  const apt = join(context.paths.cache, 'apt');
  await mkdir(apt, { recursive: true });
  await mkdir(request.folder, { recursive: true });
  const waiting = () => request.say('waiting for another download of Debian packages');
  const archives = await mkdtemp(join(apt, 'archives-'));
  try {
    await withLock(join(apt, 'lock'), waiting, () => download(apt, archives, request));
    await unpack(archives, request);
  } finally {
    await rm(archives, { recursive: true, force: true });
  }
};

const unpack = async (archives: string, request: PackageRequest): Promise<void> => {
  const names = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  for (const [index, name] of names.entries()) {
    request.say(`unpacking Debian packages, ${index + 1} of ${names.length}`);
    await runLogged({
      command: 'dpkg-deb',
      arguments: ['--extract', join(archives, name), request.folder],
      log: request.log,
      purpose: `unpacking ${name}`,
      advice: 'Check the free space on that disk.',
    });
  }
};

const download = async (apt: string, archives: string, request: PackageRequest): Promise<void> => {
  const configuration = await writeConfiguration(apt, archives, request.dependencies ?? 'none');
  const wasFresh = await listsAreFresh(apt);
  if (!wasFresh) await update(apt, configuration, request);
  try {
    await fetchArchives(archives, configuration, request);
  } catch (error) {
    if (!wasFresh) throw error;
    // The archive drops a version when its successor comes: lists of this morning may name files that are gone.
    await update(apt, configuration, request);
    await fetchArchives(archives, configuration, request);
  }
};

/** Hooks of the host (cleaning of archives in containers, notifications) have no business in ours. */
const HOOKS = [
  'APT::Update::Pre-Invoke',
  'APT::Update::Post-Invoke',
  'APT::Update::Post-Invoke-Success',
  'DPkg::Pre-Invoke',
  'DPkg::Pre-Install-Pkgs',
  'DPkg::Post-Invoke',
];

/** Returns the path of an apt.conf that is read after the machine's own. */
const writeConfiguration = async (
  apt: string,
  archives: string,
  dependencies: NonNullable<PackageRequest['dependencies']>,
): Promise<string> => {
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  // With an empty status file apt believes that nothing is installed.
  const empty = join(archives, 'status');
  await writeFile(empty, '');
  const settings = {
    'Dir::State::lists': join(apt, 'lists'),
    'Dir::State::status': dependencies === 'missing' ? '/var/lib/dpkg/status' : empty,
    'Dir::State::extended_states': join(apt, 'extended_states'),
    'Dir::Cache::archives': archives,
    'Dir::Cache::pkgcache': join(apt, 'pkgcache.bin'),
    'Dir::Cache::srcpkgcache': join(apt, 'srcpkgcache.bin'),
    'Dir::Log': apt,
    'Debug::NoLocking': 'true',
    'APT::Sandbox::User': '',
    'APT::Install-Recommends': 'false',
    'APT::Keep-Downloaded-Packages': 'true',
    // Indexes for software centres, many times the size of what is needed.
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const lines = [
    ...HOOKS.map((name) => `#clear ${name};`),
    ...Object.entries(settings).map(([key, value]) => `${key} "${value}";`),
  ];
  const file = join(archives, 'apt.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
};

const listsAreFresh = async (apt: string): Promise<boolean> => {
  const updated = await stat(join(apt, 'updated')).catch(() => undefined);
  return updated !== undefined && Date.now() - updated.mtimeMs < LISTS_MAX_AGE_MS;
};

const update = async (apt: string, configuration: string, request: PackageRequest): Promise<void> => {
  const purpose = 'reading the lists of Debian packages';
  request.say(purpose);
  await runLogged({
    command: 'apt-get',
    arguments: ['-c', configuration, '--quiet', 'update'],
    log: request.log,
    purpose,
    advice: 'Check that the sources in /etc/apt are reached.',
    timeoutMs: UPDATE_TIMEOUT_MS,
  });
  await writeFile(join(apt, 'updated'), '');
};

const fetchArchives = async (
  archives: string,
  configuration: string,
  request: PackageRequest,
): Promise<void> => {
  const purpose = `downloading the Debian packages ${request.packages.join(', ')}`;
  request.say(purpose);
  const alone = (request.dependencies ?? 'none') === 'none';
  const command = alone ? ['download'] : ['install', '--download-only', '--yes'];
  await runLogged({
    command: 'apt-get',
    arguments: ['-c', configuration, '--quiet', ...command, ...request.packages],
    folder: archives,
    log: request.log,
    purpose,
    advice: 'Check that the sources in /etc/apt are reached and carry these packages.',
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    onLine: (line) => {
      if (line.startsWith('Get:'))
        request.say(`downloading Debian packages: ${line.split(' ').slice(4).join(' ')}`);
    },
  });
};
