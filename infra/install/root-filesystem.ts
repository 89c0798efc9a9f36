/**
 * Makes a root file system from Debian packages without installing anything and without root: apt resolves
 * the packages' dependencies as on an empty machine, the archives are unpacked, and what maintainer scripts
 * would have done for a program that only runs candidates is written here. A tenth of debootstrap's time and
 * size, and it works for an ordinary user in the docker group, which debootstrap (chroot, mknod) does not.
 */
import { existsSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unpackDebianPackages } from './debian-packages.ts';
import type { InstallContext } from './install-context.ts';
import { runLogged } from './run-logged.ts';
import type { SandboxRecipe } from './sandbox-recipe.ts';

export type RootFilesystem = Pick<SandboxRecipe, 'packages' | 'copies' | 'folders' | 'finish'>;

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
const FOLDERS = ['run', 'tmp', 'root', 'home', 'etc', 'var/tmp'];
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
  await Promise.all(
    [...FOLDERS, ...wanted.folders].map((name) => mkdir(join(folder, name), { recursive: true })),
  );
  await Promise.all(['tmp', 'var/tmp'].map((name) => chmod(join(folder, name), EVERYBODY_WRITES)));
  await writeAccounts(folder);
  for (const { from, to, files } of wanted.copies) {
    for (const file of files) {
      const target = join(folder, to, file);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, file), target);
    }
  }
  if (wanted.finish !== undefined) await finish(folder, wanted.finish, log);
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

const writeAccounts = async (folder: string): Promise<void> => {
  const etc = join(folder, 'etc');
  await writeFile(
    join(etc, 'passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n',
  );
  await writeFile(join(etc, 'group'), 'root:x:0:\nnogroup:x:65534:\n');
  await writeFile(join(etc, 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(join(etc, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
};

/** Runs a program of the image without entering the folder (which takes root): by its loader, with its libraries. */
const finish = async (
  folder: string,
  { program, arguments: asked, environment }: NonNullable<RootFilesystem['finish']>,
  log: string,
): Promise<void> => {
  const files = await readdir(join(folder, 'usr'), { recursive: true });
  const find = (pattern: RegExp) =>
    files.map((name) => join(folder, 'usr', name)).find((name) => pattern.test(name));
  const loader = find(/\/ld-linux[\w-]*\.so\.\d$/);
  const library = find(/\/libc\.so\.6$/);
  if (loader === undefined || library === undefined) return;
  const inRoot = (text: string) => text.replaceAll('{root}', folder);
  const variables = Object.entries(environment).map(([name, value]) => [name, inRoot(value)]);
  await runLogged({
    command: loader,
    arguments: ['--library-path', dirname(library), join(folder, program), ...asked.map(inRoot)],
    log,
    purpose: 'finishing the root file system of the sandbox',
    advice: 'Check the free space on that disk.',
    variables: { PYTHONPATH: undefined, ...Object.fromEntries(variables) },
  });
};
