/** Who starts a job again, and who may not: the back end is a switch here, so that each moment can be chosen. */
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetStop, isStopped, type JobFolder, jobFolder } from '../../../activities/training/job-folder.ts';
import { awaitOutcome, ensureRunning, stopJob } from '../../../activities/training/running-job.ts';
import type { JobPlan, TrainingBackend } from '../../../activities/training/training-backend.ts';

const COMPLETED = {
  ...{ state: 'completed', code: null, message: null, loss: 1 },
  ...{ steps: 1, examples: 1, skipped: 0, microBatchSize: 1, seconds: 1 },
};

describe('a training job', () => {
  let root: string;
  let folder: JobFolder;
  let plan: JobPlan;
  let running: boolean;
  let starts: number;
  let whileStarting: () => Promise<void>;
  const backend: TrainingBackend = {
    isRunning: async () => running,
    start: async () => {
      await whileStarting();
      running = true;
      starts += 1;
    },
    stop: async () => {
      running = false;
    },
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ucoder-running-job-'));
    folder = jobFolder(root, 'job');
    plan = { folder, model: root };
    running = false;
    starts = 0;
    whileStarting = async () => undefined;
    await mkdir(folder.path);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** An attempt that looks after the job; `outcome` never rejects unheard. */
  const attempt = () => {
    const controller = new AbortController();
    const outcome = awaitOutcome(backend, plan, controller.signal);
    outcome.catch(() => undefined);
    return { outcome, cancel: (reason: string) => controller.abort(new Error(reason)) };
  };

  it('is started again where it died', async () => {
    const { outcome } = attempt();
    await vi.waitFor(() => expect(starts).toBe(1));
    running = false;
    await vi.waitFor(() => expect(starts).toBe(2), 5000);
    await writeFile(folder.outcome, JSON.stringify(COMPLETED));
    expect(await outcome).toEqual(COMPLETED);
  });

  it('stays ended where an attempt that was replaced still looks after it', async () => {
    const replaced = attempt();
    await vi.waitFor(() => expect(starts).toBe(1));
    const successor = attempt();
    successor.cancel('CANCELLED');
    await expect(successor.outcome).rejects.toThrow('CANCELLED');
    await expect(replaced.outcome).rejects.toMatchObject({
      code: 'training-failed',
      message: expect.stringContaining('was ended while it was waited for'),
    });
    expect({ running, starts }).toEqual({ running: false, starts: 1 });
  });

  it('is ended at once where the stop came while it was being started', async () => {
    whileStarting = async () => stopJob(backend, folder);
    await expect(ensureRunning(backend, plan)).rejects.toMatchObject({ code: 'training-failed' });
    expect({ running, starts }).toEqual({ running: false, starts: 1 });
  });

  it('goes on when it is wanted again, with as many tries as a new one', async () => {
    await ensureRunning(backend, plan);
    await stopJob(backend, folder);
    await stopJob(backend, folder);
    await forgetStop(folder);
    await ensureRunning(backend, plan);
    expect(running).toBe(true);
    expect((await readFile(folder.starts, 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  it('is left alone where only the worker ends', async () => {
    const { outcome, cancel } = attempt();
    await vi.waitFor(() => expect(starts).toBe(1));
    cancel('WORKER_SHUTDOWN');
    await expect(outcome).rejects.toThrow('WORKER_SHUTDOWN');
    expect(running).toBe(true);
    expect(await isStopped(folder)).toBe(false);
  });

  it('is ended where its mark cannot be written, as on a full disk', async () => {
    running = true;
    await mkdir(folder.stopped);
    await stopJob(backend, folder);
    expect(running).toBe(false);
  });

  it('is ended where there is no folder of it on this machine', async () => {
    running = true;
    await rm(folder.path, { recursive: true });
    await stopJob(backend, folder);
    expect(running).toBe(false);
    await expect(access(folder.path)).rejects.toThrow('ENOENT');
  });
});
