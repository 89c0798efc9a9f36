/** What a campaign carries from run to run: measures and references, kept small for continue-as-new. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { BestIteration, IterationScore } from '../core/campaign/decide-next.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { IterationRecord } from '../core/report/iteration-record.ts';
import type { Progress } from './progress.ts';
import { searchAttributes } from './search-attributes.ts';

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
  ended: { best: BestIteration; reason: string } | null;
};

/** What the report is made of. */
export type CampaignReportInput = {
  config: CampaignConfig;
  records: IterationRecord[];
  ended: { best: BestIteration; reason: string } | null;
};

export const emptyCampaignState = (now: number): CampaignState => ({
  records: [],
  heldout: null,
  holdsServer: false,
  progress: { iteration: 0, stage: 'start', done: 0, total: 0, since: now, waitingFor: null },
  ended: null,
});

/** What the decision about the next iteration looks at. */
export const scores = ({ records }: CampaignState): IterationScore[] =>
  records.map(({ n, validation, training }) => ({
    n,
    score: validation?.score.passAt1 ?? null,
    trained: training !== undefined,
  }));

/** Begins a stage: seen in the status, the search attributes and the UI. */
export const enter = (state: CampaignState, iteration: number, stage: string, child?: string): void => {
  const since = Date.now();
  state.progress = {
    iteration,
    stage,
    done: 0,
    total: 0,
    since,
    waitingFor: null,
    ...(child ? { child } : {}),
  };
  upsertSearchAttributes([
    { key: searchAttributes.state, value: 'running' },
    { key: searchAttributes.iteration, value: iteration },
    { key: searchAttributes.stage, value: stage },
  ]);
};
