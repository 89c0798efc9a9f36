/** The report of a campaign: from its workflow where that answers, else the last one in the bucket. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { storedAudit } from '../../activities/campaign/audit-lines.ts';
import { wholeRecords } from '../../activities/campaign/iteration-records.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { renderMarkdown } from '../../core/report/render-markdown.ts';
import { buildReport, CampaignReport } from '../../core/report/report.ts';
import { wholeAudit } from '../../core/steering/audit.ts';
import { reportQuery } from '../../workflows/messages.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { writeNamedFile } from '../write-documents.ts';
import { campaignPage } from './campaign-page.ts';
import { stateOf } from './campaign-status.ts';
import type { Clients } from './clients.ts';

/** Thrown: campaign-unknown. Writes Markdown to `out` where one is given. */
export const campaignReport = async (
  campaignId: string,
  { client, store, connections }: Clients,
  out?: string,
): Promise<{ json: CampaignReport; markdown: string }> => {
  const ui = campaignPage(connections.ui, connections.temporal.namespace, campaignId);
  const json =
    (await fromWorkflow({ client, store }, campaignId, ui)) ?? (await fromBucket(store, campaignId));
  const markdown = renderMarkdown(json);
  if (out !== undefined) await writeNamedFile(out, markdown);
  return { json, markdown };
};

const fromWorkflow = async (
  { client, store }: Pick<Clients, 'client' | 'store'>,
  campaignId: string,
  ui: string,
): Promise<CampaignReport | undefined> => {
  const handle = client.workflow.getHandle(workflowIds.campaign(campaignId));
  try {
    const state = stateOf(await handle.describe());
    const input = await handle.query(reportQuery);
    const [records, before] = await Promise.all([
      wholeRecords(store, campaignId, input),
      storedAudit(store, campaignId),
    ]);
    return buildReport({ ...input, records, audit: wholeAudit(before, input.audit), state, ui });
  } catch (thrown) {
    // Forgotten by the server after its retention time, or no worker to answer: the bucket still knows.
    if (thrown instanceof WorkflowNotFoundError || isUnanswered(thrown)) return undefined;
    throw thrown;
  }
};

const isUnanswered = (thrown: unknown): boolean =>
  thrown instanceof Error && /deadline|no poller|query/i.test(thrown.message);

const fromBucket = async (store: Clients['store'], campaignId: string): Promise<CampaignReport> => {
  const key = layout.reportJson(campaignId);
  if (!(await store.find(key)))
    throw new UcoderError('campaign-unknown', `There is no campaign ${campaignId}.`);
  return store.readJson(key, CampaignReport);
};
