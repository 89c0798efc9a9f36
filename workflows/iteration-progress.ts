/** How far an iteration is: for queries, for its campaign, and for its page in the Temporal UI. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { iterationDetails } from '../core/details/iteration-details.ts';
import { reviewNote, reviewWait } from './await-reviews.ts';
import type { IterationState } from './iteration-state.ts';
import { msLeft } from './pause-clock.ts';
import type { Progress } from './progress.ts';
import type { Steering } from './steering.ts';

type Of = { context: { iteration: number }; config: CampaignConfig };

export const iterationProgress = ({ context, config }: Of, state: IterationState): Progress => {
  const wanted = config.problems.count;
  const proposes = state.phase === 'propose';
  const note = reviewNote(state, config);
  const [done, total] = proposes ? [Math.min(state.accepted, wanted), wanted] : [state.finished, state.total];
  return {
    iteration: context.iteration,
    stage: state.phase,
    done,
    total,
    msLeft: msLeft(state, done, total),
    waitingFor: reviewWait(state),
    ...(note ? { note } : {}),
  };
};

/** Costs no event, so it may be told anew after each problem. */
export const describeIteration = (of: Of, state: IterationState, { paused }: Steering): void => {
  setCurrentDetails(iterationDetails({ ...state, ...iterationProgress(of, state), paused, now: Date.now() }));
};
