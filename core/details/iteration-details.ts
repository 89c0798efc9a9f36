/** An iteration’s page in the Temporal UI, as Markdown. */
import { plain } from '../report/markdown-table.ts';
import { countsText, timeLeftLine, unitsText } from './detail-lines.ts';

type Counts = Readonly<Record<string, number>>;

export type IterationDetails = {
  phase: string;
  done: number;
  total: number;
  msLeft: number | null;
  paused: boolean;
  /** Problems in progress. */
  open: readonly string[];
  proposed: number;
  accepted: number;
  discardedProblems: Counts;
  outcomes: Counts;
  tests: { written: number; usable: number };
  candidates: { sampled: number };
  verdicts: Counts;
  stages: Readonly<Record<string, { tokens: number }>>;
  /** Where it has a curriculum. */
  curriculum?: { target: number } | undefined;
  lastEvent?: string | undefined;
  /** Epoch milliseconds. */
  now: number;
};

/** Ids of open problems that are listed; the rest is counted. */
const LISTED = 10;

export const iterationDetails = (details: IterationDetails): string => {
  const { phase, done, total, msLeft, paused, open, now, lastEvent } = details;
  const { proposed, accepted, discardedProblems, outcomes, tests, candidates, verdicts, stages } = details;
  const more = open.length > LISTED ? ` and ${open.length - LISTED} more` : '';
  const tokens = Object.fromEntries(
    Object.entries(stages).map(([stage, measures]) => [stage, measures.tokens]),
  );
  return [
    `**${paused ? 'paused' : phase}**${unitsText(done, total)} problems`,
    ...(paused ? [] : timeLeftLine([{ ms: msLeft, where: `of ${phase}` }], now)),
    ...(open.length > 0 ? [`- In progress: ${open.slice(0, LISTED).join(', ')}${more}`] : []),
    `- Proposed ${proposed}, accepted ${accepted}; discarded: ${countsText(discardedProblems)}`,
    ...(details.curriculum
      ? [`- Curriculum: target difficulty ${details.curriculum.target.toFixed(2)}`]
      : []),
    `- Ended: ${countsText(outcomes)}`,
    `- Tests ${tests.written}, usable ${tests.usable}; candidates ${candidates.sampled}`,
    `- Verdicts: ${countsText(verdicts)}`,
    `- Completion tokens: ${countsText(tokens)}`,
    ...(lastEvent ? [`- Last event: ${plain(lastEvent, 300)}`] : []),
  ].join('\n');
};
