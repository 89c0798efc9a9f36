import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { messageOf, UcoderError } from '../core/errors.ts';

/** The text of a file that the user named, or of standard input for `-`. Thrown: file-missing; invalid-input where it is too large. */
export const readNamedFile = async (path: string): Promise<string> => {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (cause) {
    const name = path === '-' ? 'standard input' : path;
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
