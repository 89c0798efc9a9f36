/** A process whose folder is a disk of its own that is full, in a mount namespace that ends with it. */
import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';
import type { ManagedProcess, ProcessSettings } from './managed-process.ts';

/** Where we are not root, we are it in a user namespace of our own. */
const isRoot = process.getuid?.() === 0;
const ENTER = isRoot ? [] : ['--user', '--map-root-user'];

/** A page: names of files fit, their content does not. */
const FULL = 'size=4k';

export const onFullDisk = async (
  { command }: ProcessSettings,
  folder: string,
): Promise<Pick<ProcessSettings, 'command'>> => {
  await mkdir(folder, { recursive: true });
  const mount = `mount -t tmpfs -o ${FULL} tmpfs "$0" && exec "$@"`;
  return { command: ['unshare', ...ENTER, '--mount', 'sh', '-c', mount, folder, ...command] };
};

/** Somebody frees space. */
export const freeSpace = async (process_: ManagedProcess, folder: string): Promise<void> => {
  const into = isRoot ? [] : ['--user', '--preserve-credentials'];
  await execa('nsenter', [
    ...['--target', String(process_.pid), ...into, '--mount'],
    ...['mount', '-o', 'remount,size=64m', folder],
  ]);
};
