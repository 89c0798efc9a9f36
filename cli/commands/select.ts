/** `ucoder select`: matrices in, one choice for each out, nothing written unless all of the input is valid. */
import { select } from '../../core/selection/select.ts';
import { SelectionMatrix } from '../../core/selection/selection-matrix.ts';
import { parseDocuments } from '../read-documents.ts';
import { readNamedFile } from '../read-named-file.ts';
import { documentsText, writeNamedFile } from '../write-documents.ts';
import { policyOf, type Settings } from './selection-settings.ts';

export type SelectOptions = {
  /** A .json or .jsonl file, or - for standard input. */
  source: string;
  out?: string;
  strategy?: string;
  signature?: string;
  reliability?: string;
  minReliability?: number;
  minClusterSize?: number;
  seed?: number;
  /** Other settings of `selection`. */
  set?: Settings;
};

export type CommandIo = {
  read(source: string): Promise<string>;
  print(text: string): void;
};

const processIo: CommandIo = {
  read: readNamedFile,
  print: (text) => void process.stdout.write(text),
};

/** Thrown: usage, invalid-input, file-missing; nothing has been printed or written then. */
export const runSelect = async (options: SelectOptions, io: CommandIo = processIo): Promise<void> => {
  const { source, out, set, ...flags } = options;
  const policy = policyOf(flags, set);
  const { form, values } = parseDocuments(await io.read(source), source, SelectionMatrix);
  const text = documentsText(
    values.map((matrix) => select(matrix, policy)),
    form,
    source,
  );
  if (out === undefined) io.print(text);
  else await writeNamedFile(out, text);
};
