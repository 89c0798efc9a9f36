/** Parts of the Markdown that workflows show on their page of the Temporal UI. */
import { durationText } from './duration-text.ts';

/** `consensus 30, failed 1`, the most frequent first; `none` where nothing was counted. */
export const countsText = (counts: Readonly<Record<string, number>>): string => {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  entries.sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
  return entries.map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
};

/** `: 40 of 96`; nothing where a stage has no units. */
export const unitsText = (done: number, total: number): string => (total > 0 ? `: ${done} of ${total}` : '');

/** With the moment at which it was said: nobody rewrites a page while nothing happens. */
export const timeLeftLine = (
  parts: readonly { ms: number | null | undefined; where: string }[],
  now: number,
): string[] => {
  const known = parts.flatMap(({ ms, where }) =>
    ms === null || ms === undefined ? [] : [`${durationText(ms)} ${where}`],
  );
  return known.length === 0 ? [] : [`- Time left: about ${known.join(', ')} (as of ${momentText(now)})`];
};

/** 2026-05-04 14:20 UTC */
export const momentText = (now: number): string =>
  `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
