/** Ends a campaign whose candidates cheat more than it tolerates, before anything is trained on them. */
import { hackingFindings } from '../core/report/hacking-watch.ts';
import type { IterationWork } from '../core/report/iteration-record.ts';
import { auditText, keptAudit } from '../core/steering/audit.ts';
import { type CampaignInput, type CampaignState, show } from './campaign-state.ts';

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
  const line = { at: new Date(Date.now()).toISOString(), what: 'stop', ...request };
  state.audit = keptAudit([...state.audit, line]);
  show(state, auditText(line));
};
