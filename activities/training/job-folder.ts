/** The files by which a training job and its worker know of each other; infra/trainer writes most of them. */
import { randomUUID } from 'node:crypto';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UcoderError } from '../../core/errors.ts';

export type JobFolder = ReturnType<typeof jobFolder>;

export const jobFolder = (jobs: string, jobId: string) => {
  const path = join(jobs, jobId);
  return {
    jobId,
    path,
    spec: join(path, 'job.json'),
    dataset: join(path, 'train.jsonl'),
    /** The checkpoint that is trained on, where it is not the base. */
    model: join(path, 'model'),
    progress: join(path, 'progress.jsonl'),
    outcome: join(path, 'outcome.json'),
    process: join(path, 'process.json'),
    starts: join(path, 'starts.jsonl'),
    /** Nobody waits for the job any longer. */
    stopped: join(path, 'stopped'),
    log: join(path, 'trainer.log'),
    state: join(path, 'state'),
    checkpoint: join(path, 'checkpoint'),
  };
};

export const JobOutcome = z.object({
  state: z.enum(['completed', 'failed']),
  code: z.enum(['training-failed', 'training-invalid', 'training-out-of-memory', 'disk-full']).nullable(),
  message: z.string().nullable(),
  loss: z.number().nullable(),
  steps: z.int().min(0),
  examples: z.int().min(0),
  skipped: z.int().min(0),
  microBatchSize: z.int().min(0),
  seconds: z.number().min(0),
});
export type JobOutcome = z.infer<typeof JobOutcome>;

export const JobProcess = z.object({
  pid: z.int().min(1),
  startTime: z.int().nullable(),
  bootId: z.string().nullable(),
});
export type JobProcess = z.infer<typeof JobProcess>;

export const JobProgress = z.object({
  step: z.int(),
  total: z.int(),
  loss: z.number(),
  epoch: z.number(),
  seconds: z.number(),
});
export type JobProgress = z.infer<typeof JobProgress>;

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
};

const readDocument = async <T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> => {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UcoderError('training-failed', `${path} is not what the trainer writes.`, { cause });
  }
};

export const readOutcome = (folder: JobFolder): Promise<JobOutcome | undefined> =>
  readDocument(folder.outcome, JobOutcome);
export const readProcess = (folder: JobFolder): Promise<JobProcess | undefined> =>
  readDocument(folder.process, JobProcess);

const lines = (text: string | undefined): string[] =>
  (text ?? '').split('\n').filter((line) => line.trim() !== '');

/** What is no report of a step, and half a line that is still being written, are passed over. */
const stepOf = (line: string): JobProgress | undefined => {
  try {
    return JobProgress.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** The last step reported. */
export const readProgress = async (folder: JobFolder): Promise<JobProgress | undefined> =>
  lines(await readText(folder.progress))
    .map(stepOf)
    .findLast(Boolean);

/** The furthest step ever reported: a job that goes on from a checkpoint reports some of them again. */
const furthestStep = async (folder: JobFolder): Promise<number> =>
  lines(await readText(folder.progress)).reduce((most, line) => Math.max(most, stepOf(line)?.step ?? 0), 0);

const JobStart = z.object({ progress: z.int().describe('The furthest step until then.') });

export const recordStart = async (folder: JobFolder): Promise<void> =>
  appendFile(folder.starts, `${JSON.stringify({ progress: await furthestStep(folder) })}\n`);

/** Starts since the job last got ahead. */
export const startsWithoutProgress = async (folder: JobFolder): Promise<number> => {
  const progress = await furthestStep(folder);
  return lines(await readText(folder.starts)).filter(
    (line) => JobStart.parse(JSON.parse(line)).progress === progress,
  ).length;
};

/** Where the job did not end by a fault of its own. */
export const forgetStarts = (folder: JobFolder): Promise<void> => rm(folder.starts, { force: true });

/**
 * The record of starts becomes the mark: a full disk has no room for a new file, and its job must end all the same.
 * A folder that is not on this machine holds no job to end.
 */
export const markStopped = async (folder: JobFolder): Promise<void> => {
  try {
    await rename(folder.starts, folder.stopped);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    // Never started, or marked before.
    await writeFile(folder.stopped, '').catch(() => undefined);
  }
};

export const isStopped = async (folder: JobFolder): Promise<boolean> =>
  (await readText(folder.stopped)) !== undefined;

export const forgetStop = (folder: JobFolder): Promise<void> => rm(folder.stopped, { force: true });

/** The end of the job's log, for a message. */
export const logTail = async (folder: JobFolder): Promise<string> =>
  lines(await readText(folder.log))
    .slice(-3)
    .join(' | ')
    .slice(-600);

/** Whole or not at all. */
export const writeWhole = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
};
