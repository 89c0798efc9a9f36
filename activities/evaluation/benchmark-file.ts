/** Reads a benchmark’s file from disk, as its package ships it: JSON Lines, gzipped or not. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { type HumanEvalTask, HumanEvalTask as Schema } from '../../core/evaluation/humaneval.ts';
import { parseJsonLines } from '../store/json-documents.ts';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Thrown: benchmark-missing, naming the path tried. */
export const readBenchmark = async (
  benchmark: string,
  benchmarks: Readonly<Record<string, string>>,
): Promise<HumanEvalTask[]> => {
  const path = benchmarks[benchmark];
  if (path === undefined) {
    const known = Object.keys(benchmarks).join(', ') || 'none';
    throw new UcoderError(
      'benchmark-missing',
      `There is no benchmark ${benchmark} here; installed: ${known}.`,
    );
  }
  let body: Buffer;
  try {
    const file = await readFile(path);
    body = file.subarray(0, 2).equals(GZIP_MAGIC) ? gunzipSync(file) : file;
  } catch (cause) {
    throw new UcoderError(
      'benchmark-missing',
      `The benchmark ${benchmark} cannot be read from ${path}: ${messageOf(cause)}.`,
      {
        cause,
      },
    );
  }
  return parseJsonLines(body, Schema, path);
};
