/** Ends a campaign whose candidates cheat more than it tolerates, before anything is trained on them. */
import { hackingFindings } from '../core/report/hacking-watch.ts';
import type { IterationWork } from '../core/report/iteration-record.ts';
import { noteAudit } from './audit-trail.ts';
import type { CampaignInput, CampaignState } from './campaign-state.ts';

export const stopWhereHacked = (
  { config: { watch } }: CampaignInput,
  state: CampaignState,
  work: IterationWork,
): void => {
  if (!watch.stop || state.stop) return;
  const [finding] = hackingFindings(work, watch);
  if (!finding) return;
  const request = { by: 'watch', reason: finding.message };
  state.stop = { after: 'problem', ...request };
  noteAudit(state, { what: 'stop', ...request });
};
