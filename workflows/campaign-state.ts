/** What a campaign carries from run to run: measures and references, kept small for continue-as-new. */
import { condition, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { BestIteration, IterationScore } from '../core/campaign/decide-next.ts';
import { isGivenUp as givenUp, type Rollback } from '../core/campaign/rollback.ts';
import type { Standing, ToldStanding } from '../core/campaign/standing.ts';
import { iterationsTimeLeft } from '../core/campaign/time-left.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { campaignDetails } from '../core/details/campaign-details.ts';
import { momentText } from '../core/details/detail-lines.ts';
import { type ArchivedIteration, briefsOf, type IterationBrief } from '../core/report/iteration-brief.ts';
import type { IterationRecord } from '../core/report/iteration-record.ts';
import type { Revisions } from '../core/revisions.ts';
import type { AuditLine } from '../core/steering/audit.ts';
import type { StopPoint } from '../core/steering/requests.ts';
import type { Retry } from '../core/steering/retry.ts';
import type { ReviewQueue } from '../core/steering/review.ts';
import type { Progress, ToldProgress } from './progress.ts';
import { searchAttributes } from './search-attributes.ts';
import type { Steering } from './steering.ts';
import { type WorkClock, workedMs } from './work-clock.ts';

export type CampaignInput = {
  config: CampaignConfig;
  /** Names the model server, for its lease: two campaigns with the same value take turns. */
  server: string;
  /** Of an earlier run of the campaign that failed: which run of each iteration counts. */
  revisions?: Revisions;
  /** Of the same: who steered it until then. */
  audit?: AuditLine[];
  /** Of the same: what was complete then. */
  standing?: Standing;
  /** Carried from run to run. */
  state?: CampaignState;
};

export type CampaignState = {
  /** Iteration 0, the base model, first; then those that are not archived. */
  records: IterationRecord[];
  /** Iterations whose records lie in the bucket. */
  archived?: ArchivedIteration[] | undefined;
  /** Where the held-out problems lie, and how many they are. */
  heldout: { iteration: number; questions: number } | null;
  holdsServer: boolean;
  progress: Progress;
  ended: CampaignEnd | null;
  /** By whom and why nothing new is started. */
  paused: { by: string; reason: string; at: string } | null;
  stop: { after: StopPoint; by: string; reason: string } | null;
  /** Iterations up to `to` and after `since` count for what comes next; those between were given up. */
  rollback: Rollback | null;
  /** Rises with each change that children are told of. */
  sequence: number;
  audit: AuditLine[];
  /** Of them the bucket has the first ones, so many. */
  auditStored?: number;
  /** Of the iteration at hand, as far as it told. */
  openTokens: { iteration: number; tokens: number };
  /** Problems of the iteration at hand that a fault of ours left unfinished, as far as it told. */
  openFailed?: { iteration: number; failed: number };
  /** Which run of each iteration counts, where a retry raised one. */
  revisions?: Revisions;
  /** Selections of the iteration at hand that wait for a person, or waited. */
  reviews?: ReviewQueue | undefined;
  /** What a person wants done again, until that is done. */
  retry?: Retry | undefined;
  /** Completion tokens of what retries dropped. */
  droppedTokens?: number;
  worked: WorkClock;
  /** `worked` at the end of each record, so that the length of iterations is known. */
  ends?: number[];
  /** Iterations at most, as the settings have it now. */
  maxIterations?: number;
  /** What the child at work told last. */
  told?: ToldProgress | undefined;
  lastEvent?: string;
  /** Our model server is stopped, or on its way there; it is back before anything goes on. */
  rests?: boolean;
};

type CampaignEnd = { best: BestIteration; reason: string; stopped?: true };

/** What the report is made of. */
export type CampaignReportInput = {
  config: CampaignConfig;
  records: IterationRecord[];
  archived?: ArchivedIteration[];
  ended: CampaignEnd | null;
  rollback: Rollback | null;
  audit: AuditLine[];
  revisions?: Revisions;
};

export const emptyCampaignState = (
  now: number,
  { revisions, audit = [], standing }: Pick<CampaignInput, 'revisions' | 'audit' | 'standing'>,
): CampaignState => ({
  ...(revisions ? { revisions } : {}),
  records: standing?.records ?? [],
  ...(standing?.archived ? { archived: standing.archived } : {}),
  heldout: standing?.heldout ?? null,
  holdsServer: false,
  progress: { iteration: 0, stage: 'start', done: 0, total: 0, msLeft: null, waitingFor: null },
  ended: null,
  paused: null,
  stop: null,
  rollback: standing?.rollback ?? null,
  sequence: standing?.sequence ?? 0,
  audit,
  openTokens: { iteration: 0, tokens: 0 },
  ...(standing ? { droppedTokens: standing.droppedTokens, ends: standing.ends } : {}),
  worked: { ms: standing?.workedMs ?? 0, since: now },
});

/** The first iteration that is not complete where a step begins. */
export const openIteration = (state: CampaignState): number =>
  state.retry ? state.retry.iteration : madeIterations(state);

/** How many there are, the base included. They are numbered without a gap. */
export const madeIterations = ({ records, archived = [] }: CampaignState): number =>
  records.length + archived.length;

/** All of them in order, as far as they are known without their records. */
export const iterationsOf = (state: CampaignState): IterationBrief[] => briefsOf(state);

/** From where it goes on, where it fails now; `openFrom`: the iteration at hand. */
export const toldStanding = (
  { heldout, droppedTokens = 0, worked, ends = [], sequence }: CampaignState,
  openFrom: number,
): ToldStanding => ({ openFrom, heldout, droppedTokens, workedMs: workedMs(worked), ends, sequence });

/** What a child is started with, and told of each time. */
export const childSteering = ({ config }: CampaignInput, state: CampaignState): Steering => ({
  sequence: state.sequence,
  paused: state.paused !== null || state.rests === true,
  stop: childStop(state),
  config,
});

/** Where what a child does is given up, or done again, it ends as if it were stopped. */
const childStop = (state: CampaignState): StopPoint | null => {
  const { stop, retry, progress, paused } = state;
  if (isGivenUp(state, progress.iteration)) return 'now';
  if (!retry?.pending) return stop?.after ?? null;
  const keepsOpen = retry.from === 'failed' && retry.iteration === progress.iteration;
  // Open problems end first where theirs are kept, and not before a pause has ended.
  return keepsOpen ? (paused ? null : 'problem') : 'now';
};

/** Whether an iteration was given up by a rollback. */
export const isGivenUp = ({ rollback }: CampaignState, n: number): boolean => givenUp(rollback, n);

/** What the decision about the next iteration looks at. */
export const scores = (state: CampaignState): IterationScore[] =>
  iterationsOf(state)
    .filter(({ n }) => !givenUp(state.rollback, n))
    .map(({ n, passAt1, training }) => ({ n, score: passAt1, trained: training !== undefined }));

/** Begins a stage, once nobody holds the campaign: seen in the status, the search attributes and the UI. */
export const enter = async (
  state: CampaignState,
  iteration: number,
  stage: string,
  child?: string,
): Promise<void> => {
  await condition(() => state.paused === null && (!state.rests || state.stop !== null));
  state.progress = {
    iteration,
    stage,
    done: 0,
    total: 0,
    msLeft: null,
    waitingFor: null,
    ...(child ? { child } : {}),
  };
  upsertSearchAttributes([
    { key: searchAttributes.iteration, value: iteration },
    { key: searchAttributes.stage, value: stage },
  ]);
  show(state, `${momentText(Date.now())}, stage ${stage} begins`);
};

/** What the Temporal UI tells without any other tool; `event` is what just happened. */
export const show = (state: CampaignState, event?: string): void => {
  upsertSearchAttributes([{ key: searchAttributes.state, value: stateWord(state) }]);
  describe(state, event);
};

/** The page alone: it costs no event. */
export const describe = (state: CampaignState, event?: string): void => {
  const { paused, stop, ended, progress, told, openFailed } = state;
  const now = Date.now();
  if (event !== undefined) state.lastEvent = event;
  const held = paused ?? (ended ? null : stop);
  setCurrentDetails(
    campaignDetails({
      state: stateWord(state),
      why: held ? `${held.reason || 'no reason given'} (by ${held.by})` : ended?.reason,
      ...progress,
      told: told?.child === progress.child ? told : undefined,
      maxIterations: state.maxIterations ?? progress.iteration,
      campaignMsLeft: campaignMsLeft(state),
      failed: openFailed?.iteration === progress.iteration ? openFailed.failed : 0,
      lastEvent: state.lastEvent,
      iterations: iterationsOf(state),
      now,
    }),
  );
};

/** Milliseconds until the last iteration that the settings allow, null where nothing tells. */
export const campaignMsLeft = (state: CampaignState): number | null =>
  state.ended || state.stop || state.maxIterations === undefined
    ? null
    : iterationsTimeLeft(
        state.ends ?? [],
        workedMs(state.worked),
        state.maxIterations - state.progress.iteration + 1,
      );

const stateWord = ({ ended, paused, stop }: CampaignState): string => {
  if (ended) return ended.stopped ? 'stopped' : 'completed';
  if (paused) return 'paused';
  return stop ? 'stopping' : 'running';
};
