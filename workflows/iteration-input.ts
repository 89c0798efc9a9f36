/** What an iteration is started with, and what it carries from run to run. */
import type { ModelStepContext } from '../activities/step.ts';
import type { CurriculumHistory } from '../core/campaign/curriculum-history.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { IterationState } from './iteration-state.ts';
import type { Steering } from './steering.ts';

export type IterationInput = {
  context: ModelStepContext;
  config: CampaignConfig;
  /** The iteration whose problems are held out for validation, where there is one. */
  heldoutIteration: number | null;
  /** What a curriculum looks back on; without it, on all earlier iterations. */
  history?: CurriculumHistory;
  /** Completion tokens of the campaign before this iteration. */
  tokensBefore?: number;
  /** As it was when the iteration started, or when the run before handed over. */
  steering?: Steering;
  /** Carried from run to run. */
  state?: IterationState;
};
