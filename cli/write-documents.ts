/** Writes results in the form in which their inputs came: to standard output, or to a file that is complete or absent. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { messageOf, UcoderError } from '../core/errors.ts';
import type { DocumentForm } from './read-documents.ts';

/** One document is one line as well where it came from standard input, so that either reading of it is right. */
export const documentsText = (values: readonly unknown[], form: DocumentForm, source: string): string =>
  form === 'json' && source !== '-'
    ? values.map((value) => `${JSON.stringify(value, null, 2)}\n`).join('')
    : values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Thrown: file-missing, disk-full. */
export const writeNamedFile = async (path: string, text: string): Promise<void> => {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    throw new UcoderError(full ? 'disk-full' : 'file-missing', `Cannot write ${path}: ${messageOf(cause)}.`, {
      cause,
    });
  }
};
