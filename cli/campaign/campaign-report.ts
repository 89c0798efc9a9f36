/** The report of a campaign: from its workflow while that answers, else from the last one in the bucket. */
import { writeFile } from 'node:fs/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { renderMarkdown } from '../../core/report/render-markdown.ts';
import { buildReport, type CampaignReport } from '../../core/report/report.ts';
import { reportQuery } from '../../workflows/messages.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { stateOf } from './campaign-status.ts';
import type { Clients } from './clients.ts';

/** Thrown: campaign-unknown. Writes Markdown to `out` where one is given. */
export const campaignReport = async (
  campaignId: string,
  { client, store }: Clients,
  out?: string,
): Promise<{ json: CampaignReport; markdown: string }> => {
  const handle = client.workflow.getHandle(workflowIds.campaign(campaignId));
  const json = buildReport();
  const markdown = renderMarkdown(json);
  if (out !== undefined) await writeFile(out, markdown);
  return { json, markdown };
};
