/** Keeps a job running until it has an outcome, and tells its progress. */
import { rename, rm, statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ERROR_TABLE, UcoderError } from '../../core/errors.ts';
import {
  forgetStarts,
  isStopped,
  type JobFolder,
  type JobOutcome,
  logTail,
  markStopped,
  readOutcome,
  readProgress,
  recordStart,
  startsWithoutProgress,
} from './job-folder.ts';
import { trainingTeller } from './tell-training.ts';
import type { JobPlan, TrainingBackend } from './training-backend.ts';

/** A job that dies this often without getting ahead by a step will not do better the next time. */
const MAX_STARTS = 5;
const POLL_MS = 500;
/** With less, not even an outcome can be written, and a job that dies of it dies without a word. */
const LEAST_SPACE_BYTES = 64 * 1024;

/** Ends the job behind a checkpoint; nobody who looks after it now starts it again. Safe to repeat. */
export const stopJob = async (backend: TrainingBackend, folder: JobFolder): Promise<void> => {
  // First: whoever sees the job gone sees why.
  await markStopped(folder);
  await backend.stop(folder);
};

/** Starts the job unless it runs or has an outcome. One that died goes on from its last checkpoint. */
export const ensureRunning = async (backend: TrainingBackend, plan: JobPlan): Promise<void> => {
  const { folder } = plan;
  if ((await readOutcome(folder)) || (await backend.isRunning(folder))) return;
  await mustBeWanted(folder);
  await mustHaveSpace(folder);
  if ((await startsWithoutProgress(folder)) >= MAX_STARTS) {
    // Whoever starts the campaign again gives it as many tries.
    await forgetStarts(folder);
    throw new UcoderError(
      'training-stuck',
      `The training job ${folder.jobId} failed or died ${MAX_STARTS} times without getting ahead (killed for its memory?). ` +
        `Log: ${folder.log}. Its end: ${(await logTail(folder)) || 'empty'}`,
    );
  }
  await recordStart(folder);
  await backend.start(plan);
  if (!(await isStopped(folder))) return;
  // The stop came in between, when there was nothing to end yet.
  await backend.stop(folder);
  await mustBeWanted(folder);
};

/** An attempt that Temporal has replaced may still look after a job that its successor has ended. */
const mustBeWanted = async (folder: JobFolder): Promise<void> => {
  if (!(await isStopped(folder))) return;
  throw new UcoderError(
    'training-failed',
    `The training job ${folder.jobId} was ended while it was waited for; who still wants it starts it again.`,
  );
};

/** Thrown: disk-full, which lasts until somebody frees space and counts for nothing. */
const mustHaveSpace = async (folder: JobFolder): Promise<void> => {
  const { bavail, bsize } = await statfs(folder.path);
  if (bavail * bsize >= LEAST_SPACE_BYTES) return;
  await forgetStarts(folder);
  throw new UcoderError('disk-full', `No space is left on the disk of ${folder.path}.`);
};

/**
 * Waits for a completed outcome. Thrown: what the job reports, or that it was stopped. When the campaign is
 * cancelled the job is stopped; when only the worker ends, it goes on and the next attempt finds it.
 */
export const awaitOutcome = async (
  backend: TrainingBackend,
  plan: JobPlan,
  signal: AbortSignal,
): Promise<JobOutcome> => {
  const { folder } = plan;
  const tell = trainingTeller();
  for (;;) {
    if (signal.aborted) {
      if (isCancellation(signal.reason)) await stopJob(backend, folder);
      throw signal.reason;
    }
    await tell(await readProgress(folder));
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
const failure = async (folder: JobFolder, outcome: JobOutcome): Promise<UcoderError> => {
  const { code, message } = { ...outcome, code: outcome.code ?? 'training-failed' };
  if (ERROR_TABLE[code].retryable) await rename(folder.outcome, `${folder.outcome}.failed`);
  if (code === 'disk-full') await forgetStarts(folder);
  return new UcoderError(code, `${message ?? 'Training failed'} (job ${folder.jobId}, log ${folder.log}).`);
};

/** Frees the disk of what a published job no longer needs; its log and outcome stay. */
export const discardWeights = async (folder: JobFolder): Promise<void> => {
  for (const path of [folder.state, folder.model, folder.checkpoint])
    await rm(path, { recursive: true, force: true });
};
