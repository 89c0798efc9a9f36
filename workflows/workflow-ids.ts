import { type Revisions, revised, revisionOf } from '../core/revisions.ts';

/** Ids tell the story: a child’s begins with its parent’s. */
export const workflowIds = {
  campaign: (campaignId: string) => `campaign/${campaignId}`,
  iteration: (campaignId: string, n: number, revisions?: Revisions) =>
    `campaign/${campaignId}/${revised(`iteration-${n}`, revisionOf(revisions, n, 'dataset'))}`,
  problem: (campaignId: string, n: number, problemId: string, revisions?: Revisions): string =>
    `${workflowIds.iteration(campaignId, n, revisions)}/${problemId}`,
  fineTune: (campaignId: string, n: number) => `campaign/${campaignId}/iteration-${n}/fine-tune`,
  evaluation: (campaignId: string, n: number, set: string) =>
    `campaign/${campaignId}/iteration-${n}/evaluate-${set}`,
  serverLease: (server: string) => `server-lease/${server}`,
} as const;
