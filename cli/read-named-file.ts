import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { messageOf, UcoderError } from '../core/errors.ts';

/**
 * The text of a file that the user named, or of standard input for `-`. Thrown: file-missing; invalid-input where it is
 * too large or no text.
 */
export const readNamedFile = async (path: string): Promise<string> => {
  const name = path === '-' ? 'standard input' : path;
  const bytes = await reading(name, () => (path === '-' ? buffer(process.stdin) : readFile(path)));
  // Else every such byte would become the same character, and two ids might become one.
  if (!isUtf8(bytes)) throw new UcoderError('invalid-input', `${name} is not text in UTF-8.`);
  return reading(name, async () => bytes.toString('utf8'));
};

const reading = async <T>(name: string, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (cause) {
    if (isTooLarge(cause)) {
      const message = `${name} is too large to be read at once. Split it into several files.`;
      throw new UcoderError('invalid-input', message, { cause });
    }
    const reason = codeOf(cause) === 'EISDIR' ? 'it is a folder, not a file' : messageOf(cause);
    throw new UcoderError('file-missing', `Cannot read ${name}: ${reason}.`, { cause });
  }
};

const WithCode = z.object({ code: z.string() });

const codeOf = (thrown: unknown): string | undefined => WithCode.safeParse(thrown).data?.code;

/** Beyond 2 GiB Node reads no file, and beyond 512 million characters V8 makes no string, which has no code everywhere. */
const isTooLarge = (thrown: unknown): boolean =>
  thrown instanceof RangeError ||
  ['ERR_FS_FILE_TOO_LARGE', 'ERR_STRING_TOO_LONG'].includes(codeOf(thrown) ?? '');
