/** Tells how far a job is: each step by heartbeat, for `ucoder status`, and now and then the workflow, for its page. */
import { TRAINING_PROGRESS, type TrainingProgress } from '../../core/details/training-progress.ts';
import { heartbeat } from '../context.ts';
import { tellWorkflow } from '../tell-workflow.ts';
import type { JobProgress } from './job-folder.ts';

/** A message costs the history some events. */
const TELLINGS = 20;

/** A function that is called again and again with what the job told last. */
export const trainingTeller = (): ((progress: JobProgress | undefined) => Promise<void>) => {
  let told = 0;
  return async (progress) => {
    heartbeat(progress);
    if (!progress) return;
    const { step, total, loss, epoch } = progress;
    const reached = total > 0 ? Math.floor((step * TELLINGS) / total) : 0;
    if (reached <= told) return;
    told = reached;
    await tellWorkflow(TRAINING_PROGRESS, { step, total, loss, epoch } satisfies TrainingProgress);
  };
};
