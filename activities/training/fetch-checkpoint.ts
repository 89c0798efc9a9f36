/** A checkpoint from the bucket to a local folder, whole and verified, or not there at all. */
import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UcoderError } from '../../core/errors.ts';
import { layout, type Place } from '../../core/layout.ts';
import { whileHeartbeating } from '../context.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { CheckpointManifest, weightsHash } from './checkpoint-manifest.ts';

export type CheckpointPlace = Place & { iteration: number };

export const readManifest = async (
  store: ObjectStore,
  place: CheckpointPlace,
): Promise<CheckpointManifest> => {
  const key = layout.checkpoint(place, place.iteration, 'manifest.json');
  const manifest = await store.readJson(key, CheckpointManifest);
  if (weightsHash(manifest.files) !== manifest.weightsSha256) {
    throw new UcoderError(
      'checkpoint-invalid',
      `${store.uri(key)} does not agree with itself: its weightsSha256 is not that of its files.`,
    );
  }
  return manifest;
};

/** Fills `folder` unless it exists. Safe to repeat and to run twice at once: a rename makes it appear. */
export const fetchCheckpoint = async (
  store: ObjectStore,
  place: CheckpointPlace,
  manifest: CheckpointManifest,
  folder: string,
): Promise<void> => {
  if (await exists(folder)) return;
  const building = join(dirname(folder), `.fetching-${process.pid}-${randomUUID()}`);
  await mkdir(building, { recursive: true });
  try {
    for (const { file, sha256 } of manifest.files) {
      const key = layout.checkpoint(place, place.iteration, file);
      const fetched = await whileHeartbeating(store.fetchFile(key, join(building, file)));
      if (fetched.sha256 !== sha256) {
        throw new UcoderError(
          'checkpoint-invalid',
          `${store.uri(key)} has sha256 ${fetched.sha256}, but the manifest says ${sha256}.`,
        );
      }
    }
    await rename(building, folder).catch(async (thrown: unknown) => {
      // Another process was faster; what it put there is the same.
      if (!(await exists(folder))) throw thrown;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
