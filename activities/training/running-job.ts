/** Keeps a job running until it has an outcome, and tells its progress. */
import { rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { UcoderError } from '../../core/errors.ts';
import { heartbeat } from '../context.ts';
import {
  type JobFolder,
  type JobOutcome,
  logTail,
  readOutcome,
  readProgress,
  recordStart,
  startsWithoutProgress,
} from './job-folder.ts';
import type { JobPlan, TrainingBackend } from './training-backend.ts';

/** A job that dies this often without getting ahead by a step will not do better the next time. */
const MAX_STARTS = 5;
const POLL_MS = 500;

/** Starts the job unless it runs or has an outcome. One that died goes on from its last checkpoint. */
export const ensureRunning = async (backend: TrainingBackend, plan: JobPlan): Promise<void> => {
  const { folder } = plan;
  if ((await readOutcome(folder)) || (await backend.isRunning(folder))) return;
  if ((await startsWithoutProgress(folder)) >= MAX_STARTS) {
    throw new UcoderError(
      'training-failed',
      `The training job ${folder.jobId} died ${MAX_STARTS} times at the same step, without a word on why (killed for its memory?). ` +
        `Log: ${folder.log}. Its end: ${(await logTail(folder)) || 'empty'}`,
    );
  }
  await recordStart(folder);
  await backend.start(plan);
};

/**
 * Waits for a completed outcome. Thrown: what the job reports. When the campaign is cancelled the job is
 * stopped; when only the worker ends, it goes on and the next attempt finds it.
 */
export const awaitOutcome = async (
  backend: TrainingBackend,
  plan: JobPlan,
  signal: AbortSignal,
): Promise<JobOutcome> => {
  const { folder } = plan;
  for (;;) {
    if (signal.aborted) {
      if (isCancellation(signal.reason)) await backend.stop(folder);
      throw signal.reason;
    }
    heartbeat(await readProgress(folder));
    const outcome = await readOutcome(folder);
    if (outcome?.state === 'completed') return outcome;
    if (outcome) throw await failure(folder, outcome);
    await ensureRunning(backend, plan);
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
};

/** Temporal aborts for other reasons too: a worker's shutdown, a missed heartbeat. */
const isCancellation = (reason: unknown): boolean =>
  reason instanceof Error && reason.message === 'CANCELLED';

/** A failure that may pass is set aside, so that the next attempt goes on from the last checkpoint. */
const failure = async (folder: JobFolder, { code, message }: JobOutcome): Promise<UcoderError> => {
  if (code === 'training-failed' || code === null) await rename(folder.outcome, `${folder.outcome}.failed`);
  return new UcoderError(
    code ?? 'training-failed',
    `${message ?? 'Training failed'} (job ${folder.jobId}, log ${folder.log}).`,
  );
};

/** Frees the disk of what a published job no longer needs; its log and outcome stay. */
export const discardWeights = async (folder: JobFolder): Promise<void> => {
  for (const path of [folder.state, folder.model, folder.checkpoint])
    await rm(path, { recursive: true, force: true });
};
