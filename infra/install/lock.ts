/**
 * A lock between processes that cannot become stale: flock(2) is held by a child which ends when its
 * standard input closes, so the kernel frees it however we die (kill -9 and a sleeping laptop included).
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, UcoderError } from '../../core/errors.ts';

/** Runs `work` while no other process holds `file`. `onWait` is called once if somebody else holds it now. */
export const withLock = async <T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> => {
  const release = await acquire(file, onWait);
  try {
    return await work();
  } finally {
    await release();
  }
};

const acquire = async (file: string, onWait: () => void): Promise<() => Promise<void>> => {
  try {
    await mkdir(dirname(file), { recursive: true });
  } catch (error) {
    const advice = 'Set UCODER_CACHE to a folder that you may write.';
    throw new UcoderError('install-failed', `Cannot make ${dirname(file)}: ${messageOf(error)}. ${advice}`, {
      cause: error,
    });
  }
  // The first, impatient try only tells whether anybody has to wait.
  const script = 'flock -n 9 || { echo waiting; flock 9; }; echo locked; cat';
  const holder = spawn('sh', ['-c', `exec 9>"$1"; ${script}`, 'sh', file], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  let complaint = '';
  holder.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string) =>
      reject(
        new UcoderError(
          'install-failed',
          `Cannot lock ${file}: ${reason.trim() || 'flock ended'}. Is util-linux's flock installed, and the folder writable?`,
        ),
      );
    holder.once('error', (error) => fail(error.message));
    holder.once('close', () => fail(complaint));
    holder.stdout.on('data', (chunk: Buffer) => {
      const words = chunk.toString();
      if (words.includes('waiting')) onWait();
      if (words.includes('locked')) resolve();
    });
  });
  return () => {
    holder.stdin.end();
    return ended;
  };
};
