/**
 * Makes a root file system from Debian packages without installing anything and without root: apt resolves
 * the packages' dependencies as on an empty machine, the archives are unpacked, and what maintainer scripts
 * would have done for a program that only runs Python is written here. A tenth of debootstrap's time and
 * size, and it works for an ordinary user in the docker group, which debootstrap (chroot, mknod) does not.
 */
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unpackDebianPackages } from './debian-packages.ts';
import type { InstallContext } from './install-context.ts';
import { runLogged } from './run-logged.ts';

export type RootFilesystem = Readonly<{
  packages: readonly string[];
  /** Copied in at the end: from a path of this machine to one inside. */
  files: readonly Readonly<{ from: string; to: string }>[];
  users: readonly Readonly<{ name: string; id: number; home: string }>[];
}>;

const MERGED = ['bin', 'sbin', 'lib', 'lib64'];
/** Three quarters of the files, and nothing that a program reads. */
const UNNEEDED = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
  'usr/share/lintian',
  'var/lib/dpkg',
  'var/cache',
  'var/log',
];
const FOLDERS = ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'home', 'etc', 'var/tmp'];
const EVERYBODY_WRITES = 0o1777;

export const makeRootFilesystem = async (
  context: InstallContext,
  wanted: RootFilesystem,
  folder: string,
  log: string,
  say: (activity: string) => void,
): Promise<void> => {
  await unpackDebianPackages(context, { packages: wanted.packages, folder, log, say, dependencies: 'all' });
  for (const name of MERGED) await mergeIntoUsr(folder, name, log);
  await Promise.all(UNNEEDED.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  await Promise.all(FOLDERS.map((name) => mkdir(join(folder, name), { recursive: true })));
  await Promise.all(['tmp', 'var/tmp'].map((name) => chmod(join(folder, name), EVERYBODY_WRITES)));
  await writeAccounts(folder, wanted.users);
  for (const { from, to } of wanted.files) {
    const target = join(folder, to);
    await mkdir(dirname(target), { recursive: true });
    await copy(['--recursive', '--no-target-directory', from, target], log);
  }
};

/** Packages still name /bin and /lib; since Debian 12 these are links into /usr. */
const mergeIntoUsr = async (folder: string, name: string, log: string): Promise<void> => {
  const old = join(folder, name);
  const merged = join(folder, 'usr', name);
  if (existsSync(old) && (await lstat(old)).isDirectory()) {
    await mkdir(merged, { recursive: true });
    await copy(['--archive', '--remove-destination', `${old}/.`, merged], log);
    await rm(old, { recursive: true });
  }
  if (existsSync(merged) && !existsSync(old)) await symlink(join('usr', name), old);
};

const copy = (options: readonly string[], log: string): Promise<string> =>
  runLogged({
    command: 'cp',
    arguments: options,
    log,
    purpose: 'laying out the root file system of the sandbox',
    advice: 'Check the free space on that disk.',
  });

const writeAccounts = async (folder: string, users: RootFilesystem['users']): Promise<void> => {
  const everybody = [{ name: 'root', id: 0, home: '/root' }, ...users];
  const passwd = everybody.map(({ name, id, home }) => `${name}:x:${id}:${id}:${name}:${home}:/bin/sh`);
  const group = everybody.map(({ name, id }) => `${name}:x:${id}:`);
  await writeFile(join(folder, 'etc', 'passwd'), `${passwd.join('\n')}\n`);
  await writeFile(join(folder, 'etc', 'group'), `${group.join('\n')}\n`);
  await writeFile(join(folder, 'etc', 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(join(folder, 'etc', 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
};
