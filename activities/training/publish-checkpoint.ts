/** Uploads a finished job's checkpoint: all files, and the manifest last. */
import { open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { whileHeartbeating } from '../context.ts';
import type { ObjectStore } from '../store/object-store.ts';
import {
  type CheckpointFile,
  CheckpointManifest,
  fileSha256,
  isWeights,
  weightsHash,
} from './checkpoint-manifest.ts';
import type { CheckpointPlace } from './fetch-checkpoint.ts';
import type { JobFolder } from './job-folder.ts';

/** Files without which no server loads the model. */
const REQUIRED = ['config.json', 'tokenizer_config.json'];

/** What is stored already is compared, never mixed with: two runs of one job could differ. */
export const uploadCheckpoint = async (
  store: ObjectStore,
  place: CheckpointPlace,
  folder: JobFolder,
  method: 'full' | 'lora',
): Promise<CheckpointManifest> => {
  const files = await checkedFiles(folder, method);
  const described: CheckpointFile[] = [];
  for (const file of files) described.push(await upload(store, place, folder, file));
  const manifest = { weightsSha256: weightsHash(described), jobId: folder.jobId, files: described };
  return store.once(
    layout.checkpoint(place, place.iteration, 'manifest.json'),
    CheckpointManifest,
    async () => manifest,
  );
};

const upload = async (
  store: ObjectStore,
  place: CheckpointPlace,
  folder: JobFolder,
  file: string,
): Promise<CheckpointFile> => {
  const path = join(folder.checkpoint, file);
  const key = layout.checkpoint(place, place.iteration, file);
  const sha256 = await fileSha256(path);
  const stored = await whileHeartbeating(store.putFile(key, path));
  if (stored.sha256 !== sha256) {
    throw new UcoderError(
      'checkpoint-invalid',
      `${store.uri(key)} holds a file of another training run (sha256 ${stored.sha256}, not ${sha256}). Delete the unfinished checkpoint there first.`,
    );
  }
  return { file, size: stored.size, sha256 };
};

/** The relative names of all files, sorted. Thrown: checkpoint-invalid, naming what is missing or broken. */
const checkedFiles = async (folder: JobFolder, method: 'full' | 'lora'): Promise<string[]> => {
  const refuse = (reason: string) =>
    new UcoderError(
      'checkpoint-invalid',
      `The training job ${folder.jobId} ended well, but ${reason}. Log: ${folder.log}.`,
    );
  const entries = await readdir(folder.checkpoint, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder.checkpoint, join(entry.parentPath, entry.name)))
    .sort();
  const required = method === 'lora' ? [...REQUIRED, 'adapter/adapter_config.json'] : REQUIRED;
  const missing = required.filter((file) => !files.includes(file));
  if (missing.length > 0) throw refuse(`its checkpoint lacks ${missing.join(', ')}`);
  const weights = files.filter((file) => file.endsWith('.safetensors'));
  if (!weights.some(isWeights)) throw refuse('its checkpoint has no weights');
  for (const file of weights) {
    const broken = await brokenSafetensors(join(folder.checkpoint, file));
    if (broken) throw refuse(`${file} is not whole: ${broken}`);
  }
  return files;
};

/** Compares the size of a safetensors file with what its header says: 8 bytes of length, the header, the tensors. */
const brokenSafetensors = async (path: string): Promise<string | undefined> => {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const length = Buffer.alloc(8);
    await handle.read(length, 0, 8, 0);
    const headerSize = Number(length.readBigUInt64LE());
    if (size < 8 || headerSize > size - 8) return `${size} bytes`;
    const header = Buffer.alloc(headerSize);
    await handle.read(header, 0, headerSize, 8);
    const tensors: Record<string, { data_offsets?: [number, number] }> = JSON.parse(header.toString());
    const end = Math.max(0, ...Object.values(tensors).map((tensor) => tensor.data_offsets?.[1] ?? 0));
    return size === 8 + headerSize + end && end > 0
      ? undefined
      : `${size} bytes instead of ${8 + headerSize + end}`;
  } catch (thrown) {
    return messageOf(thrown);
  } finally {
    await handle.close();
  }
};
