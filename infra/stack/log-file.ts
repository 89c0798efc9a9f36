/** Service logs: appended to by the service itself, so that they go on without a supervisor. */
import { copyFile, open, stat, truncate } from 'node:fs/promises';

export const LOG_LIMIT_BYTES = 20 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

export const sizeOf = async (file: string): Promise<number> =>
  (await stat(file).catch(() => undefined))?.size ?? 0;

/**
 * Keeps a log and one older one. The service holds the file open for appending, so it is copied and
 * emptied in place: lines written between the two are lost, which bounded disk use is worth.
 */
export const rotate = async (file: string, limitBytes = LOG_LIMIT_BYTES): Promise<boolean> => {
  if ((await sizeOf(file)) <= limitBytes) return false;
  await copyFile(file, `${file}.1`);
  await truncate(file);
  return true;
};

/** The text from `offset` on, at most the last 16 KiB of it. A file that shrank is read from its beginning. */
export const readSince = async (file: string, offset: number): Promise<string> => {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(offset > size ? 0 : offset, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
};

export const lastLines = async (file: string, offset: number, count = 12): Promise<string[]> =>
  (await readSince(file, offset))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
