/** A campaign’s page in the Temporal UI, as Markdown: where it stands, how long it takes, what it made, what happened last. */
import type { IterationBrief } from '../report/iteration-brief.ts';
import { markdownTable, plain } from '../report/markdown-table.ts';
import { timeLeftLine, unitsText } from './detail-lines.ts';

export type CampaignDetails = {
  state: string;
  /** Why it is in that state, where somebody or something brought it there. */
  why?: string | undefined;
  iteration: number;
  maxIterations: number;
  stage: string;
  /** What the child that does the stage told last. */
  told?: { stage: string; done: number; total: number; msLeft: number | null } | undefined;
  /** Milliseconds until the last iteration at most. */
  campaignMsLeft: number | null;
  waitingFor: string | null;
  /** Workflow id of the child that does the stage. */
  child?: string | undefined;
  /** Problems of the iteration that a fault of ours left unfinished. */
  failed?: number;
  lastEvent?: string | undefined;
  iterations: readonly IterationBrief[];
  /** Epoch milliseconds. */
  now: number;
};

export const campaignDetails = (details: CampaignDetails): string => {
  const { state, why, iteration, maxIterations, stage, told, child, waitingFor, lastEvent, now } = details;
  const failed = details.failed ?? 0;
  const part = told && told.stage !== stage ? `, ${told.stage}` : '';
  const lines = [
    `**${state}**${why ? `: ${plain(why, 300)}` : ''}`,
    `- Iteration ${iteration} of at most ${maxIterations}, stage ${stage}${part}${told ? unitsText(told.done, told.total) : ''}`,
    ...(waitingFor ? [`- Waiting: ${plain(waitingFor, 300)}`] : []),
    ...timeLeftLine(
      [
        { ms: told?.msLeft, where: 'in this stage' },
        { ms: details.campaignMsLeft, where: 'until the last iteration' },
      ],
      now,
    ),
    ...(child ? [`- In progress: \`${child}\``] : []),
    ...(failed > 0 ? [`- Failed by a fault of ours: ${failed}; the update \`retry\` tries them again`] : []),
    ...(lastEvent ? [`- Last event: ${plain(lastEvent, 400)}`] : []),
  ];
  return [lines.join('\n'), ...iterationTable(details.iterations)].join('\n\n');
};

const HEAD = ['iteration', 'problems', 'with consensus', 'pairs', 'training loss', 'pass@1', 'tokens'];

const iterationTable = (iterations: readonly IterationBrief[]): string[] => {
  const rows = iterations.map(({ n, work, training, passAt1, tokens }) => [
    String(n),
    work ? String(work.accepted) : '-',
    work ? String(work.withConsensus) : '-',
    work ? String(work.pairs) : '-',
    typeof training?.loss === 'number' ? training.loss.toFixed(3) : '-',
    passAt1 === null ? '-' : `${(passAt1 * 100).toFixed(1)} %`,
    String(tokens.all),
  ]);
  return rows.length > 0 ? [markdownTable(HEAD, rows)] : [];
};
