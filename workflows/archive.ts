/** Records of iterations that are over go to the bucket, and come back where one is needed whole. */
import { archive, takeBack } from '../core/report/iteration-brief.ts';
import { report } from './activity-proxies.ts';
import type { CampaignInput, CampaignState } from './campaign-state.ts';

/** `stored`: which records the bucket has now. */
export const archiveRecords = (state: CampaignState, stored: { n: number; record: string }[]): void => {
  if (stored.length > 0) Object.assign(state, archive(state, stored));
};

/** Has the record of an iteration at hand again, where it was archived. */
export const recordAtHand = async (
  { config }: CampaignInput,
  state: CampaignState,
  n: number,
): Promise<void> => {
  const kept = state.archived?.find((other) => other.n === n);
  if (!kept) return;
  const record = await report.readRecord({ campaignId: config.name, n, record: kept.record });
  Object.assign(state, takeBack(state, record));
};
