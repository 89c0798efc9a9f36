/** What a campaign carries from run to run: measures and references, kept small for continue-as-new. */
import { condition, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { BestIteration, IterationScore } from '../core/campaign/decide-next.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { IterationRecord } from '../core/report/iteration-record.ts';
import { type AuditLine, auditText } from '../core/steering/audit.ts';
import type { StopPoint } from '../core/steering/requests.ts';
import type { Progress } from './progress.ts';
import { searchAttributes } from './search-attributes.ts';
import type { Steering } from './steering.ts';

export type CampaignInput = {
  config: CampaignConfig;
  /** Names the model server, for its lease: two campaigns with the same value take turns. */
  server: string;
  /** Carried from run to run. */
  state?: CampaignState;
};

export type CampaignState = {
  /** Iteration 0, the base model, first. */
  records: IterationRecord[];
  /** Where the held-out problems lie, and how many they are. */
  heldout: { iteration: number; questions: number } | null;
  holdsServer: boolean;
  progress: Progress;
  ended: CampaignEnd | null;
  /** By whom and why nothing new is started. */
  paused: { by: string; reason: string; at: string } | null;
  stop: { after: StopPoint; by: string; reason: string } | null;
  /** Iterations up to `to` and after `since` count for what comes next; those between were given up. */
  rollback: { to: number; since: number } | null;
  /** Rises with each change that children are told of. */
  sequence: number;
  audit: AuditLine[];
  /** Of the iteration at hand, as far as it told. */
  openTokens: { iteration: number; tokens: number };
  /** Milliseconds of work up to `since`; null while paused. */
  worked: { ms: number; since: number | null };
};

type CampaignEnd = { best: BestIteration; reason: string; stopped?: true };

/** What the report is made of. */
export type CampaignReportInput = {
  config: CampaignConfig;
  records: IterationRecord[];
  ended: CampaignEnd | null;
  audit: AuditLine[];
};

export const emptyCampaignState = (now: number): CampaignState => ({
  records: [],
  heldout: null,
  holdsServer: false,
  progress: { iteration: 0, stage: 'start', done: 0, total: 0, since: now, waitingFor: null },
  ended: null,
  paused: null,
  stop: null,
  rollback: null,
  sequence: 0,
  audit: [],
  openTokens: { iteration: 0, tokens: 0 },
  worked: { ms: 0, since: now },
});

/** What a child is started with, and told of each time. */
export const childSteering = (
  { config }: CampaignInput,
  { sequence, paused, stop }: CampaignState,
): Steering => ({
  sequence,
  paused: paused !== null,
  stop: stop?.after ?? null,
  config,
});

/** Whether an iteration was given up by a rollback. */
export const isGivenUp = ({ rollback }: CampaignState, n: number): boolean =>
  rollback !== null && n > rollback.to && n <= rollback.since;

/** What the decision about the next iteration looks at. */
export const scores = ({ records, rollback }: CampaignState): IterationScore[] =>
  records
    .filter(({ n }) => !rollback || n <= rollback.to || n > rollback.since)
    .map(({ n, validation, training }) => ({
      n,
      score: validation?.score.passAt1 ?? null,
      trained: training !== undefined,
    }));

/** Begins a stage, once nobody holds the campaign: seen in the status, the search attributes and the UI. */
export const enter = async (
  state: CampaignState,
  iteration: number,
  stage: string,
  child?: string,
): Promise<void> => {
  await condition(() => state.paused === null);
  state.progress = {
    iteration,
    stage,
    done: 0,
    total: 0,
    since: Date.now(),
    waitingFor: null,
    ...(child ? { child } : {}),
  };
  upsertSearchAttributes([
    { key: searchAttributes.iteration, value: iteration },
    { key: searchAttributes.stage, value: stage },
  ]);
  show(state);
};

/** What the Temporal UI tells without any other tool. */
export const show = (state: CampaignState): void => {
  const { paused, stop, ended, progress, records, audit } = state;
  const word = ended
    ? ended.stopped
      ? 'stopped'
      : 'completed'
    : paused
      ? 'paused'
      : stop
        ? 'stopping'
        : 'running';
  upsertSearchAttributes([{ key: searchAttributes.state, value: word }]);
  const last = audit.at(-1);
  const validated = records.filter(({ validation }) => validation);
  const lines = [
    `**${word}**${paused ? `: ${paused.reason || 'no reason given'} (${paused.by})` : ''}`,
    `- Iteration ${progress.iteration}, stage ${progress.stage}`,
    ...(progress.child ? [`- In progress: \`${progress.child}\``] : []),
    ...(ended ? [`- ${ended.reason}`] : []),
    ...(last ? [`- Last event: ${auditText(last)}`] : []),
    ...(validated.length > 0 ? ['', '| iteration | pass@1 |', '| --- | --- |'] : []),
    ...validated.map(
      ({ n, validation }) => `| ${n} | ${((validation?.score.passAt1 ?? 0) * 100).toFixed(1)} % |`,
    ),
  ];
  setCurrentDetails(lines.join('\n'));
};
