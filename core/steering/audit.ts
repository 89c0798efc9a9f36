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

/** Of what a campaign carries from run to run and hands on in its messages; the bucket has all that was written. */
const CARRIED_LINES = 100;
const CARRIED_BYTES = 8_000;
/** As much may wait to be stored before it is. */
const WAITING_BYTES = 4_000;
/** Of one message that stores lines. */
const MESSAGE_BYTES = 16_000;

const bytesOf = (line: AuditLine): number => new TextEncoder().encode(JSON.stringify(line)).length;

/** The last lines, as far as there is room. */
export const keptAudit = (lines: readonly AuditLine[]): AuditLine[] => carriedAudit(lines, lines.length);

/** The same, but none is left out that is not stored yet: the first `stored` are. */
export const carriedAudit = (lines: readonly AuditLine[], stored: number): AuditLine[] => {
  let bytes = 0;
  const tooOld = lines.findLastIndex((line, index) => {
    bytes += bytesOf(line);
    return index < stored && (bytes > CARRIED_BYTES || lines.length - index > CARRIED_LINES);
  });
  return lines.slice(tooOld + 1);
};

/** Whether more lines wait to be stored than should. */
export const isAuditDue = (lines: readonly AuditLine[], stored: number): boolean =>
  lines.slice(stored).reduce((sum, line) => sum + bytesOf(line), 0) > WAITING_BYTES;

/** The lines that are stored next, one at least. */
export const nextAudit = (lines: readonly AuditLine[], stored: number): AuditLine[] => {
  const waiting = lines.slice(stored);
  let bytes = 0;
  const tooMany = waiting.findIndex((line, index) => {
    bytes += bytesOf(line);
    return index > 0 && bytes > MESSAGE_BYTES;
  });
  return tooMany < 0 ? waiting : waiting.slice(0, tooMany);
};

/** Those that were written before and those that are carried now, each once, in the order of their times. */
export const wholeAudit = (written: readonly AuditLine[], carried: readonly AuditLine[]): AuditLine[] => {
  const key = ({ at, what, by, reason, detail }: AuditLine) => JSON.stringify([at, what, by, reason, detail]);
  const known = new Set(carried.map(key));
  return [...written.filter((line) => !known.has(key(line))), ...carried].sort(byTime);
};

const byTime = (a: AuditLine, b: AuditLine): number => (a.at < b.at ? -1 : Number(a.at > b.at));

export const auditText = ({ at, what, by, reason, detail }: AuditLine): string =>
  `${at.slice(0, 16).replace('T', ' ')} ${what}${detail ? ` (${detail})` : ''} by ${by}${reason ? `: ${reason}` : ''}`;
