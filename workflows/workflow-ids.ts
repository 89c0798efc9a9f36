/** Ids tell the story: a child’s begins with its parent’s. */
export const workflowIds = {
  campaign: (campaignId: string) => `campaign/${campaignId}`,
  iteration: (campaignId: string, n: number) => `campaign/${campaignId}/iteration-${n}`,
  problem: (campaignId: string, n: number, problemId: string) =>
    `campaign/${campaignId}/iteration-${n}/${problemId}`,
  fineTune: (campaignId: string, n: number) => `campaign/${campaignId}/iteration-${n}/fine-tune`,
  evaluation: (campaignId: string, n: number, set: string) =>
    `campaign/${campaignId}/iteration-${n}/evaluate-${set}`,
  serverLease: (server: string) => `server-lease/${server}`,
} as const;
