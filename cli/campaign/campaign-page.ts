import { workflowIds } from '../../workflows/workflow-ids.ts';

/** The campaign’s page in the Temporal UI. */
export const campaignPage = (ui: string, namespace: string, campaignId: string): string =>
  `${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowIds.campaign(campaignId))}`;
