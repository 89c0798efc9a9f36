/** Every activity that workflows call, grouped by resource, each with its timeouts and retries and the reason for them. */
import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { CampaignActivities } from '../activities/campaign/campaign-activities.ts';
import type { CurriculumActivities } from '../activities/campaign/curriculum-activities.ts';
import type { LeaseActivities } from '../activities/campaign/lease-activities.ts';
import type { QuietActivities } from '../activities/campaign/quiet-activities.ts';
import type { ReportActivities } from '../activities/campaign/report-activities.ts';
import type { EvaluationActivities } from '../activities/evaluation/evaluation-activities.ts';
import type { ModelActivities } from '../activities/model/model-activities.ts';
import type { SandboxActivities } from '../activities/sandbox/sandbox-activities.ts';
import type { DiversityActivities } from '../activities/selection/diversity-activities.ts';
import type { LintActivities } from '../activities/selection/lint-activities.ts';
import type { ReviewActivities } from '../activities/selection/review-activities.ts';
import type { RoundActivities } from '../activities/selection/round-activities.ts';
import type { SelectionActivities } from '../activities/selection/selection-activities.ts';
import type { ServingActivities } from '../activities/serving/serving-activities.ts';
import type { DatasetActivities } from '../activities/training/dataset-activities.ts';
import type { TrainingActivities } from '../activities/training/training-activities.ts';
import type { TreeActivities } from '../activities/training/tree-activities.ts';
import { nonRetryableCodes } from '../core/errors.ts';
import { TASK_QUEUES } from './task-queues.ts';

/** A server that is down comes back at some time: wait for it, however long, asking at least once a minute. */
const patient: ActivityOptions['retry'] = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  nonRetryableErrorTypes: nonRetryableCodes(),
};

/** A batch that fails ours again and again must not hold up its siblings for ever. */
const bounded: ActivityOptions['retry'] = { ...patient, maximumAttempts: 10 };

/** Asking the model: minutes on a CPU; a dead worker is noticed by its missing heartbeat. */
export const model = proxyActivities<ModelActivities>({
  taskQueue: TASK_QUEUES.model,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  retry: patient,
});

/** Restarting a model server with new weights: about a minute on a CPU, more for a large model. */
export const serving = proxyActivities<Omit<ServingActivities, 'restModelServer'>>({
  taskQueue: TASK_QUEUES.model,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '30 seconds',
  retry: patient,
});

/** Stopping a server that is not needed: a kindness, for which nothing may wait for ever. */
export const serverRest = proxyActivities<Pick<ServingActivities, 'restModelServer'>>({
  taskQueue: TASK_QUEUES.model,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { ...patient, maximumAttempts: 5 },
});

/** Running candidates: bounded by their own limits; a dead engine is noticed by the missing heartbeat. */
export const sandbox = proxyActivities<SandboxActivities>({
  taskQueue: TASK_QUEUES.sandbox,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  retry: bounded,
});

/** A fine-tune lasts as long as it lasts, whatever its workers, disks and servers do meanwhile: a retry re-attaches. A job that does not get ahead ends it by itself (training-stuck). */
export const training = proxyActivities<Omit<TrainingActivities, 'stopFineTune'>>({
  taskQueue: TASK_QUEUES.training,
  startToCloseTimeout: '14 days',
  heartbeatTimeout: '30 seconds',
  retry: patient,
});

/** Ending a job that nobody waits for any longer. Where its machine does not come back, neither does the job. */
export const trainingStop = proxyActivities<Pick<TrainingActivities, 'stopFineTune'>>({
  taskQueue: TASK_QUEUES.training,
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: '30 seconds',
  retry: patient,
});

/** Looking at sources, beside the trainer’s Python: seconds, but behind whatever that machine is training. */
const besideTrainer: ActivityOptions = {
  taskQueue: TASK_QUEUES.training,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: bounded,
};
export const lint = proxyActivities<LintActivities>(besideTrainer);
/** Every candidate of an iteration: up to hours for a million. */
export const diversity = proxyActivities<DiversityActivities>({
  ...besideTrainer,
  startToCloseTimeout: '6 hours',
});

/** The solutions of an iteration, or of all so far where none were read: minutes for 100,000. */
export const trees = proxyActivities<TreeActivities>({ ...besideTrainer, startToCloseTimeout: '2 hours' });

const lightWork: ActivityOptions = {
  taskQueue: TASK_QUEUES.control,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '2 minutes',
  retry: patient,
};

/** Reading and writing the bucket, and pure decisions over what lies there. */
export const campaignStore = proxyActivities<CampaignActivities>(lightWork);
export const curriculum = proxyActivities<CurriculumActivities>(lightWork);
export const selection = proxyActivities<SelectionActivities>(lightWork);
export const keptReviews = proxyActivities<ReviewActivities>(lightWork);
export const rounds = proxyActivities<RoundActivities>(lightWork);
export const evaluationStore = proxyActivities<EvaluationActivities>(lightWork);
export const datasets = proxyActivities<DatasetActivities>(lightWork);
export const lease = proxyActivities<LeaseActivities>(lightWork);
/** As long as what was in flight takes. */
export const quiet = proxyActivities<QuietActivities>({ ...lightWork, startToCloseTimeout: '1 day' });
export const report = proxyActivities<ReportActivities>(lightWork);
