/** `ucoder select`: matrices in, one choice for each out, nothing written unless all of the input is valid. */
import { z } from 'zod';
import { explainIssues, nearestKey } from '../../core/config/explain-issues.ts';
import { SelectionConfig, STRATEGY_NAMES } from '../../core/config/selection-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { select } from '../../core/selection/select.ts';
import { SelectionMatrix } from '../../core/selection/selection-matrix.ts';
import type { SelectionPolicy } from '../../core/selection/selection-policy.ts';

import { parseDocuments } from '../read-documents.ts';
import { readNamedFile } from '../read-named-file.ts';
import { documentsText, writeNamedFile } from '../write-documents.ts';

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
  const { source, out, ...flags } = options;
  const policy = policyOf(flags);
  const { form, values } = parseDocuments(await io.read(source), source, SelectionMatrix);
  const text = documentsText(
    values.map((matrix) => select(matrix, policy)),
    form,
    source,
  );
  if (out === undefined) io.print(text);
  else await writeNamedFile(out, text);
};

const Flags = SelectionConfig.extend({ seed: z.int().default(0) });

const policyOf = (flags: Omit<SelectOptions, 'source' | 'out'>): SelectionPolicy => {
  const { strategy } = flags;
  if (strategy !== undefined && !STRATEGY_NAMES.some((name) => name === strategy)) {
    const meant = nearestKey(strategy, STRATEGY_NAMES);
    const advice = meant ? `Did you mean ${meant}?` : `Strategies: ${STRATEGY_NAMES.join(', ')}.`;
    throw new UcoderError('usage', `There is no strategy "${strategy}". ${advice}`);
  }
  const parsed = Flags.safeParse(flags);
  if (parsed.success) return parsed.data;
  const lines = explainIssues(parsed.error, Flags).map(
    ({ path, message }) => `${flagOf(String(path[0] ?? ''))}: ${message}`,
  );
  throw new UcoderError('usage', lines.join('\n'));
};

const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
