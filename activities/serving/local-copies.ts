/** Checkpoints fetched to be served, in folders named by the hash of their weights; old ones are deleted. */
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../store/object-store.ts';
import type { CheckpointManifest } from '../training/checkpoint-manifest.ts';
import { type CheckpointPlace, fetchCheckpoint } from '../training/fetch-checkpoint.ts';

/** Copies that stay: the served one, and those that a roll-back may want. */
export const KEPT_COPIES = 3;

export const localCopy = async (
  store: ObjectStore,
  place: CheckpointPlace,
  manifest: CheckpointManifest,
  served: string,
): Promise<string> => {
  const folder = join(served, manifest.weightsSha256);
  await fetchCheckpoint(store, place, manifest, folder);
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
};

/** Deletes all copies but the last used ones. What cannot be deleted now goes the next time. */
export const deleteOldCopies = async (served: string): Promise<void> => {
  const names = (await readdir(served).catch(() => [])).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const copies = await Promise.all(
    names.map(async (name) => ({ path: join(served, name), used: (await stat(join(served, name))).mtimeMs })),
  );
  copies.sort((a, b) => b.used - a.used);
  for (const { path } of copies.slice(KEPT_COPIES)) await rm(path, { recursive: true, force: true });
};
