/** Stores what a campaign starts from and starts its workflow; doing it twice is doing it once. */
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { storedAudit } from '../../activities/campaign/audit-lines.ts';
import { toJson } from '../../activities/store/json-documents.ts';
import type { S3Store } from '../../activities/store/s3-store.ts';
import { Standing } from '../../core/campaign/standing.ts';
import { startAgain } from '../../core/campaign/start-again.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { ResultRevisions } from '../../core/report/campaign-documents.ts';
import type { Revisions } from '../../core/revisions.ts';
import { type AuditLine, keptAudit } from '../../core/steering/audit.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { userName } from '../user-name.ts';
import type { CampaignFile } from './campaign-file.ts';
import { registerSearchAttributes } from './search-attributes.ts';

/** It runs, from now or already; or it ran to its end before, and is left as it is. */
export type Started = 'runs' | 'complete';

/**
 * A campaign that failed goes on with the settings that it had then, and with what its file changes of them. Thrown:
 * campaign-exists, where the name belongs to a campaign with other settings.
 */
export const startCampaign = async (
  file: CampaignFile,
  client: Client,
  store: S3Store,
  server: string,
): Promise<Started> => {
  const { config } = file;
  await store.ensureBucket();
  await store.put(layout.config(config.name), toJson(config), 'text/plain; charset=utf-8');
  await storeOnce(store, layout.topics(config.name), file.topics, config.name, 'topics');
  await storeOnce(store, layout.prompts(config.name), toJson(file.prompts), config.name, 'prompts');
  await registerSearchAttributes(client);
  const [begun, standing, revisions, before] = await Promise.all([
    store.readJson(layout.config(config.name), CampaignConfig),
    storedStanding(store, config.name),
    storedRevisions(store, config.name),
    storedAudit(store, config.name),
  ]);
  const goesOn = startAgain({ begun, last: standing?.config ?? begun, file: config });
  if (goesOn.fixed.length > 0) throw otherCampaign(config.name, `settings (${goesOn.fixed.join(', ')})`);
  if (goesOn.isEdited) await mustHaveFailed(client, config.name, goesOn.changed);
  const audit = keptAudit([...before, ...startLine(goesOn.changed)]);
  try {
    await client.workflow.start('campaign', {
      workflowId: workflowIds.campaign(config.name),
      taskQueue: TASK_QUEUES.control,
      // A running one is the answer; a failed one goes on from what is stored; a completed one stays.
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      // Of 400 bytes at most.
      staticSummary: `${config.model.base.slice(-60)}, up to ${config.iterations.max} iterations`,
      args: [
        {
          ...{ config: goesOn.config, server, audit },
          ...(revisions ? { revisions } : {}),
          ...(standing ? { standing } : {}),
        },
      ],
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

/** Of one that failed, or ended between two iterations: where it goes on. */
const storedStanding = async (store: S3Store, campaignId: string): Promise<Standing | undefined> => {
  const key = layout.standing(campaignId);
  return (await store.find(key)) ? store.readJson(key, Standing) : undefined;
};

/** While it runs, settings are changed by a request; once it is complete, by nothing. Thrown: campaign-exists. */
const mustHaveFailed = async (
  client: Client,
  campaignId: string,
  changed: readonly string[],
): Promise<void> => {
  const status = await statusOf(client, campaignId);
  if (status === undefined || !OPEN_OR_COMPLETE.includes(status)) return;
  const how = status === 'COMPLETED' ? '' : ` It runs: change them with npx ucoder retune ${campaignId}.`;
  throw otherCampaign(campaignId, `settings${changed.length > 0 ? ` (${changed.join(', ')})` : ''}`, how);
};

const OPEN_OR_COMPLETE: readonly string[] = ['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW', 'COMPLETED'];

const statusOf = async (client: Client, campaignId: string): Promise<string | undefined> => {
  try {
    return (await client.workflow.getHandle(workflowIds.campaign(campaignId)).describe()).status.name;
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return undefined;
    throw thrown;
  }
};

const startLine = (changed: readonly string[]): AuditLine[] =>
  changed.length === 0
    ? []
    : [
        {
          ...{ at: new Date().toISOString(), what: 'retune', by: userName() },
          ...{ reason: 'by its file, when it was started again', detail: changed.join(', ') },
        },
      ];

const otherCampaign = (campaignId: string, what: string, how = ''): UcoderError =>
  new UcoderError('campaign-exists', `There is a campaign ${campaignId} already, with other ${what}.${how}`);

const storeOnce = async (
  store: S3Store,
  key: string,
  text: string,
  campaignId: string,
  what: string,
): Promise<void> => {
  await store.put(key, text, 'text/plain; charset=utf-8');
  if ((await store.read(key)).toString() !== text) throw otherCampaign(campaignId, what);
};
