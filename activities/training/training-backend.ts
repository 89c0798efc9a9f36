/** Where a job runs. Both back ends work on the same folder, and neither starts a job that runs. */
import type { JobFolder } from './job-folder.ts';

export type JobPlan = {
  folder: JobFolder;
  /** The model folder that the job reads. */
  model: string;
};

export interface TrainingBackend {
  isRunning(folder: JobFolder): Promise<boolean>;
  /** Resolves once the job runs, whoever started it. It goes on when this worker ends. */
  start(plan: JobPlan): Promise<void>;
  /** Lets the job write a checkpoint, then ends it by force. */
  stop(folder: JobFolder): Promise<void>;
}
