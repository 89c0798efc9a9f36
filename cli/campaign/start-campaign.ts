/** Stores what a campaign starts from and starts its workflow; doing it twice is doing it once. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { parseJson, toJson } from '../../activities/store/json-documents.ts';
import type { S3Store } from '../../activities/store/s3-store.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { OperationsAudit, ResultRevisions } from '../../core/report/campaign-documents.ts';
import type { Revisions } from '../../core/revisions.ts';
import type { AuditLine } from '../../core/steering/audit.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import type { CampaignFile } from './campaign-file.ts';
import { registerSearchAttributes } from './search-attributes.ts';

/** It runs, from now or already; or it ran to its end before, and is left as it is. */
export type Started = 'runs' | 'complete';

/** Thrown: campaign-exists, where the name belongs to a campaign with other settings. */
export const startCampaign = async (
  file: CampaignFile,
  client: Client,
  store: S3Store,
  server: string,
): Promise<Started> => {
  const { config } = file;
  await store.ensureBucket();
  await storeOnce(store, layout.config(config.name), toJson(config), config.name, 'settings');
  await storeOnce(store, layout.topics(config.name), file.topics, config.name, 'topics');
  await storeOnce(store, layout.prompts(config.name), toJson(file.prompts), config.name, 'prompts');
  await registerSearchAttributes(client);
  const [revisions, audit] = await Promise.all([
    storedRevisions(store, config.name),
    storedAudit(store, config.name),
  ]);
  try {
    await client.workflow.start('campaign', {
      workflowId: workflowIds.campaign(config.name),
      taskQueue: TASK_QUEUES.control,
      // A running one is the answer; a failed one goes on from what is stored; a completed one stays.
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      // Of 400 bytes at most.
      staticSummary: `${config.model.base.slice(-60)}, up to ${config.iterations.max} iterations`,
      args: [{ config, server, audit, ...(revisions ? { revisions } : {}) }],
    });
    return 'runs';
  } catch (thrown) {
    if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
    return 'complete';
  }
};

/** A campaign that failed goes on from what is stored, and of that from what the last retry made. */
const storedRevisions = async (store: S3Store, campaignId: string): Promise<Revisions | undefined> => {
  const key = layout.result(campaignId);
  return (await store.find(key)) ? (await store.readJson(key, ResultRevisions)).revisions : undefined;
};

/** Who steered it until it failed. */
const storedAudit = async (store: S3Store, campaignId: string): Promise<AuditLine[]> => {
  const key = layout.operations(campaignId);
  return (await store.find(key)) ? (await store.readJson(key, OperationsAudit)).audit : [];
};

const storeOnce = async (
  store: S3Store,
  key: string,
  text: string,
  campaignId: string,
  what: string,
): Promise<void> => {
  await store.put(key, text, 'text/plain; charset=utf-8');
  const stored = (await store.read(key)).toString();
  if (stored === text) return;
  const sections = what === 'settings' ? changedSettings(stored, text) : undefined;
  // A setting that is new since then has its default in both.
  if (sections?.length === 0) return;
  const changed = sections ? ` (${sections.join(', ')})` : '';
  throw new UcoderError(
    'campaign-exists',
    `There is a campaign ${campaignId} already, with other ${what}${changed}.`,
  );
};

/** Sections whose values differ. */
const changedSettings = (stored: string, wanted: string): string[] => {
  const before = parseJson(stored, CampaignConfig, 'the stored campaign.json');
  const after = parseJson(wanted, CampaignConfig, 'the campaign');
  const sections = Object.keys(after) as (keyof CampaignConfig)[];
  return sections.filter((section) => JSON.stringify(before[section]) !== JSON.stringify(after[section]));
};
