/** Who steered a campaign, when, how and why: lines of its status, its report and its operations document. */
import { z } from 'zod';

export const AuditLine = z.object({
  at: z.string().describe('ISO 8601.'),
  what: z.string().describe('pause, resume, stop, retune, rollback …'),
  by: z.string(),
  reason: z.string(),
  detail: z.string().optional().describe('What changed.'),
});
export type AuditLine = z.infer<typeof AuditLine>;

/** Lines that a campaign carries from run to run; older ones are in the Temporal history only. */
const KEPT = 100;

export const addAuditLine = (audit: AuditLine[], line: AuditLine): void => {
  audit.push(line);
  if (audit.length > KEPT) audit.splice(0, audit.length - KEPT);
};

export const auditText = ({ at, what, by, reason, detail }: AuditLine): string =>
  `${at.slice(0, 16).replace('T', ' ')} ${what}${detail ? ` (${detail})` : ''} by ${by}${reason ? `: ${reason}` : ''}`;
