/** `ucoder ablate`: every strategy over a campaign’s stored matrices, or a folder of them, without a model call. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { storedProblems } from '../../activities/selection/stored-problems.ts';
import { createStore } from '../../activities/store/create-store.ts';
import type { ObjectStore } from '../../activities/store/object-store.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { ResultRevisions } from '../../core/report/campaign-documents.ts';
import { type Ablation, ablate } from '../../core/selection/ablation/ablate.ts';
import type { StoredProblem } from '../../core/selection/ablation/stored-problem.ts';
import { SelectionMatrix } from '../../core/selection/selection-matrix.ts';
import { readEnvironment } from '../../infra/environment.ts';
import { resolveConnections } from '../../infra/stack/connections.ts';
import { parseDocuments } from '../read-documents.ts';
import { readNamedFile } from '../read-named-file.ts';
import { policyOf, type Settings } from './selection-settings.ts';

/** `set`: settings of `selection` instead of the campaign’s, or the paper’s. Thrown: campaign-unknown, file-missing, invalid-input, usage. */
export const runAblation = async (
  source: string,
  set: Settings = {},
  openStore: () => Promise<ObjectStore> = storeOfStack,
): Promise<Ablation> =>
  (await isFolder(source)) ? ablateFolder(source, set) : ablateCampaign(source, set, await openStore());

const storeOfStack = async (): Promise<ObjectStore> => {
  const environment = readEnvironment();
  const { s3 } = await resolveConnections(environment);
  return createStore(s3, environment.bucket);
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

/** With the paper’s settings, but for those that are set; their choice is what the others are compared with. */
const ablateFolder = async (folder: string, set: Settings): Promise<Ablation> => {
  const policy = policyOf({}, set);
  const files = (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(json|jsonl|ndjson)$/.test(name))
    .sort();
  if (files.length === 0) {
    throw new UcoderError(
      'file-missing',
      `${folder} holds no .json or .jsonl file. Give a folder of matrices, or a campaign’s name.`,
    );
  }
  return ablate(matricesIn(folder, files), policy);
};

async function* matricesIn(folder: string, files: readonly string[]): AsyncGenerator<StoredProblem> {
  for (const file of files) {
    const path = join(folder, file);
    for (const matrix of parseDocuments(await readNamedFile(path), path, SelectionMatrix).values)
      yield { matrix, question: matrix.id, isHeldout: false };
  }
}

const ablateCampaign = async (campaignId: string, set: Settings, store: ObjectStore): Promise<Ablation> => {
  const key = layout.config(campaignId);
  if (!/^[a-z0-9-]{1,60}$/.test(campaignId) || !(await store.find(key))) {
    throw new UcoderError('campaign-unknown', `There is no campaign and no folder ${campaignId}.`);
  }
  const { selection, seed, iterations } = await store.readJson(key, CampaignConfig);
  const result = layout.result(campaignId);
  const { revisions } = (await store.find(result)) ? await store.readJson(result, ResultRevisions) : {};
  return ablate(
    storedProblems(store, { campaignId, revisions }, iterations.max),
    policyOf({}, { ...selection, seed, ...set }),
  );
};
