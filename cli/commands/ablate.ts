/** `ucoder ablate`: every strategy over a campaign’s stored matrices, or a folder or file of them, without a model call. */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/**
 * `source`: a campaign, or a folder or file of matrices. `set`: settings of `selection` instead of the campaign’s, or the
 * paper’s. Thrown: campaign-unknown, file-missing, invalid-input, usage.
 */
export const runAblation = async (
  source: string,
  set: Settings = {},
  openStore: () => Promise<ObjectStore> = storeOfStack,
): Promise<Ablation> => {
  const files = await matrixFiles(source);
  return files ? ablateFiles(source, files, set) : ablateCampaign(source, set, await openStore());
};

const storeOfStack = async (): Promise<ObjectStore> => {
  const environment = readEnvironment();
  const { s3 } = await resolveConnections(environment);
  return createStore(s3, environment.bucket);
};

/** The file itself, or those below the folder; undefined where there is neither. */
const matrixFiles = async (path: string): Promise<string[] | undefined> => {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return found ? [path] : undefined;
  // With entries instead of names, so that no link to a folder is followed, which may lead back up.
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.(json|jsonl|ndjson)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

/** With the paper’s settings, but for those that are set; their choice is what the others are compared with. */
const ablateFiles = async (source: string, files: readonly string[], set: Settings): Promise<Ablation> => {
  const policy = policyOf({}, set);
  const advice = 'Give a folder of matrices, or a campaign’s name.';
  if (files.length === 0)
    throw new UcoderError('file-missing', `${source} holds no .json or .jsonl file. ${advice}`);
  const ablation = await ablate(matricesIn(files), policy);
  if (ablation.problems === 0)
    throw new UcoderError('file-missing', `${source} holds no matrix: what is there is empty. ${advice}`);
  return ablation;
};

async function* matricesIn(files: readonly string[]): AsyncGenerator<StoredProblem> {
  for (const path of files) {
    // Ids repeat from iteration to iteration: within one folder, an equal id asks the same.
    for (const matrix of parseDocuments(await readNamedFile(path), path, SelectionMatrix).values)
      yield { matrix, question: JSON.stringify([dirname(path), matrix.id]), isHeldout: false };
  }
}

const ablateCampaign = async (campaignId: string, set: Settings, store: ObjectStore): Promise<Ablation> => {
  const key = layout.config(campaignId);
  if (!/^[a-z0-9-]{1,60}$/.test(campaignId) || !(await isStored(key, campaignId, store))) {
    throw new UcoderError('campaign-unknown', `There is no campaign, folder or file ${campaignId}.`);
  }
  const { selection, seed, iterations } = await store.readJson(key, CampaignConfig);
  const result = layout.result(campaignId);
  const { revisions } = (await store.find(result)) ? await store.readJson(result, ResultRevisions) : {};
  return ablate(
    storedProblems(store, { campaignId, revisions }, iterations.max),
    policyOf({}, { ...selection, seed, ...set }),
  );
};

/** Who mistyped a folder's name must not take the fault for one of the store alone. */
const isStored = async (key: string, campaignId: string, store: ObjectStore): Promise<boolean> => {
  try {
    return (await store.find(key)) !== undefined;
  } catch (cause) {
    if (!(cause instanceof UcoderError)) throw cause;
    const message = `There is no folder or file ${campaignId}, and campaigns cannot be looked up. ${cause.message}`;
    throw new UcoderError(cause.code, message, { cause });
  }
};
