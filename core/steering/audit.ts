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

/** Of what a campaign carries from run to run and hands on in its messages; operations.json has all that was written. */
const KEPT_LINES = 200;
const KEPT_BYTES = 16_000;

/** The last of them, as far as there is room. */
export const keptAudit = (lines: readonly AuditLine[]): AuditLine[] => {
  let bytes = 0;
  const tooOld = lines.findLastIndex((line) => {
    bytes += new TextEncoder().encode(JSON.stringify(line)).length;
    return bytes > KEPT_BYTES;
  });
  return lines.slice(tooOld + 1).slice(-KEPT_LINES);
};

/** Those that were written before and those that are carried now, each once: what is not carried any longer is older. */
export const wholeAudit = (written: readonly AuditLine[], carried: readonly AuditLine[]): AuditLine[] => {
  const key = ({ at, what, by, reason, detail }: AuditLine) => JSON.stringify([at, what, by, reason, detail]);
  const known = new Set(carried.map(key));
  return [...written.filter((line) => !known.has(key(line))), ...carried];
};

export const auditText = ({ at, what, by, reason, detail }: AuditLine): string =>
  `${at.slice(0, 16).replace('T', ' ')} ${what}${detail ? ` (${detail})` : ''} by ${by}${reason ? `: ${reason}` : ''}`;
