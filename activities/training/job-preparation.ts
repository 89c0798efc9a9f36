/** Lays out the folder of a job from what lies in the bucket; an existing folder is used as it is. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { layout } from '../../core/layout.ts';
import { whileHeartbeating } from '../context.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { fetchCheckpoint, readManifest } from './fetch-checkpoint.ts';
import type { FineTuneRequest } from './fine-tune-request.ts';
import { type JobFolder, writeWhole } from './job-folder.ts';
import type { JobPlan } from './training-backend.ts';
import type { TrainingRuntime } from './training-runtime.ts';

/** Safe to repeat and to run twice at once: each file appears whole, and the job reads job.json, which comes last. */
export const prepareJob = async (
  store: ObjectStore,
  runtime: TrainingRuntime,
  folder: JobFolder,
  request: FineTuneRequest,
): Promise<JobPlan> => {
  await mkdir(folder.path, { recursive: true });
  const model = await modelFolder(store, runtime, folder, request);
  if (!existsSync(folder.dataset)) {
    const key = layout.dataset(request, request.iteration, 'data/train.jsonl');
    await whileHeartbeating(store.fetchFile(key, folder.dataset));
  }
  if (!existsSync(folder.spec))
    await writeWhole(folder.spec, `${JSON.stringify(specOf(folder, model, request), null, 2)}\n`);
  return { folder, model };
};

const modelFolder = async (
  store: ObjectStore,
  runtime: TrainingRuntime,
  folder: JobFolder,
  { campaignId, revisions, from, baseModel }: FineTuneRequest,
): Promise<string> => {
  if (from === 'base') return (await runtime.findBaseModel(baseModel)).path;
  const place = { campaignId, revisions, iteration: from.iteration };
  if (!existsSync(folder.model))
    await fetchCheckpoint(store, place, await readManifest(store, place), folder.model);
  return folder.model;
};

/** The trainer's job.json; its keys are checked there. */
const specOf = (folder: JobFolder, model: string, { training, seed }: FineTuneRequest) => {
  const { data: _data, restart: _restart, backend: _backend, ...settings } = training;
  return { model, dataset: folder.dataset, ...settings, seed };
};
