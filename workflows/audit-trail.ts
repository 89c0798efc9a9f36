/**
 * Who steered a campaign: the last lines are carried, and all are in the bucket before they are carried no longer, so
 * that hundreds of requests within one iteration are neither lost nor too large for a message.
 */
import { condition, patched } from '@temporalio/workflow';
import { type AuditLine, auditText, carriedAudit, isAuditDue, nextAudit } from '../core/steering/audit.ts';
import { report } from './activity-proxies.ts';
import { type CampaignInput, type CampaignState, show } from './campaign-state.ts';

export const noteAudit = (state: CampaignState, line: Omit<AuditLine, 'at'>): void => {
  const audited = { at: new Date(Date.now()).toISOString(), ...line };
  state.audit = [...state.audit, audited];
  forget(state);
  show(state, auditText(audited));
};

/** Where the bucket has all lines up to this one. */
export const auditStored = (state: CampaignState, last: AuditLine | undefined): void => {
  const position = last ? state.audit.indexOf(last) : -1;
  if (position >= (state.auditStored ?? 0)) state.auditStored = position + 1;
  forget(state);
};

const forget = (state: CampaignState): void => {
  const carried = carriedAudit(state.audit, state.auditStored ?? 0);
  const gone = state.audit.length - carried.length;
  state.audit = carried;
  if (state.auditStored !== undefined) state.auditStored -= gone;
};

const isDue = ({ audit, auditStored: stored = 0 }: CampaignState): boolean => isAuditDue(audit, stored);

/** Stores lines until no more of them wait than a message has room for. */
export const storeAudit = async ({ config }: CampaignInput, state: CampaignState): Promise<void> => {
  while (isDue(state) && patched('keeps-audit')) {
    const lines = nextAudit(state.audit, state.auditStored ?? 0);
    await report.keepAudit({ campaignId: config.name, lines });
    auditStored(state, lines.at(-1));
  }
};

/** Runs beside the campaign. */
export const watchAudit = async (input: CampaignInput, state: CampaignState): Promise<void> => {
  for (;;) {
    await condition(() => isDue(state));
    await storeAudit(input, state);
    const { audit } = state;
    await condition(() => state.audit !== audit);
  }
};
