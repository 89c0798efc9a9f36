/** What a complete checkpoint consists of. The manifest is written last: without it there is no checkpoint. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { heartbeat } from '../context.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Relative, and inside the folder: a manifest is read from a bucket, and its names become paths. */
const FileName = z
  .string()
  .regex(/^(?!.*\.\.)[\w.+-]+(\/[\w.+-]+)*$/, 'must be a path inside the checkpoint');

export const CheckpointManifest = z.strictObject({
  weightsSha256: Sha256.describe('Hash of the merged weights, see weightsHash.'),
  jobId: z.string().describe('The training job that made it.'),
  files: z.array(z.strictObject({ file: FileName, size: z.int().min(0), sha256: Sha256 })),
});
export type CheckpointManifest = z.infer<typeof CheckpointManifest>;
export type CheckpointFile = CheckpointManifest['files'][number];

/** Merged weights lie at the top; those in adapter/ are not served by themselves. */
export const isWeights = (file: string): boolean => file.endsWith('.safetensors') && !file.includes('/');

/**
 * One hash for the weights: the file's own where there is one file, else the hash of the list of
 * "<sha256>  <name>" lines, sorted by name (what sha256sum prints).
 */
export const weightsHash = (files: readonly { file: string; sha256: string }[]): string => {
  const weights = files.filter(({ file }) => isWeights(file)).sort((a, b) => (a.file < b.file ? -1 : 1));
  const [only] = weights;
  if (only && weights.length === 1) return only.sha256;
  const list = weights.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join('');
  return createHash('sha256').update(list).digest('hex');
};

/** Hashes a file while heartbeating, since weights are large. */
export const fileSha256 = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 4 * 1024 * 1024 }), async (chunks) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      heartbeat();
    }
  });
  return hash.digest('hex');
};

/** The weights' hash of a model folder on disk. */
export const folderWeightsHash = async (folder: string): Promise<string> => {
  const names = (await readdir(folder)).filter(isWeights);
  const files = [];
  for (const file of names) files.push({ file, sha256: await fileSha256(join(folder, file)) });
  return weightsHash(files);
};
