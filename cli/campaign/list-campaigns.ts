/** All campaigns that the Temporal server knows. */
import type { Client } from '@temporalio/client';
import type { CampaignState } from '../../core/report/report.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { stateOf } from './campaign-status.ts';

export type ListedCampaign = {
  id: string;
  state: CampaignState;
  iteration: number;
  bestPassAt1: number | null;
  startedAt: string;
};

/** Newest first; of a campaign that ran several times, or continued as new, the last run. */
export const listCampaigns = async (client: Client): Promise<ListedCampaign[]> => {
  const newest = new Map<string, ListedCampaign>();
  for await (const run of client.workflow.list({ query: 'WorkflowType = "campaign"' })) {
    const id = run.workflowId.replace(/^campaign\//, '');
    if (newest.has(id)) continue;
    newest.set(id, {
      id,
      state: stateOf(run),
      iteration: run.typedSearchAttributes.get(searchAttributes.iteration) ?? 0,
      bestPassAt1: run.typedSearchAttributes.get(searchAttributes.bestPassAt1) ?? null,
      startedAt: run.startTime.toISOString(),
    });
  }
  return [...newest.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
};
