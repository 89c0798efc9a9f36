import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { messageOf, UcoderError } from '../core/errors.ts';

/** The text of a file that the user named, or of standard input for `-`. Thrown: file-missing. */
export const readNamedFile = async (path: string): Promise<string> => {
  if (path === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UcoderError('file-missing', `Cannot read ${path}: ${messageOf(cause)}.`, { cause });
  }
};
