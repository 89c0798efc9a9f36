/** What went wrong on the way and was tried again: one record for each attempt of an activity that came to nothing. */
import { z } from 'zod';

export const FaultRecord = z.object({
  at: z.string().describe('When it was noticed, ISO 8601.'),
  workflow: z.string().describe('Workflow id.'),
  activity: z.string(),
  attempt: z.int().min(1),
  code: z.string().describe('A code of docs/errors.md, or lost, where the attempt ended without a word.'),
  message: z.string(),
});
export type FaultRecord = z.infer<typeof FaultRecord>;

/** Latest records that a document shows in full. */
const SHOWN = 200;

export type FaultSummary = {
  total: number;
  byCode: Record<string, number>;
  byActivity: Record<string, number>;
  latest: FaultRecord[];
};

export const summariseFaults = (records: readonly FaultRecord[]): FaultSummary => {
  const inOrder = [...records].sort(
    (a, b) => compare(a.at, b.at) || compare(a.workflow, b.workflow) || a.attempt - b.attempt,
  );
  return {
    total: records.length,
    byCode: countBy(inOrder.map(({ code }) => code)),
    byActivity: countBy(inOrder.map(({ activity }) => activity)),
    latest: inOrder.slice(-SHOWN),
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
