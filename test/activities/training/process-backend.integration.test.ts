/** Where a job is found and ended: a process of its own, with or without its folder taken. */
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jobFolder } from '../../../activities/training/job-folder.ts';
import { createProcessBackend } from '../../../activities/training/process-backend.ts';
import { pythonInterpreter } from '../../support/python.ts';

describe('the trainer’s process', () => {
  let root: string;
  let python: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ucoder-process-backend-'));
    python = await pythonInterpreter();
  }, 120_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('is ended before it has taken its folder, and no other job with it', { timeout: 60_000 }, async () => {
    const backend = createProcessBackend({
      python,
      packageFolder: join(import.meta.dirname, 'false-trainers/never-begins'),
      variables: process.env,
    });
    const start = async (jobId: string) => {
      const folder = jobFolder(root, jobId);
      await mkdir(folder.path);
      // Whoever starts it may die at this moment; here it only waits on.
      const state = { ended: false };
      const started = backend.start({ folder, model: root }).catch((thrown: unknown) => {
        state.ended = true;
        throw thrown;
      });
      started.catch(() => undefined);
      await vi.waitFor(() => access(join(folder.path, 'lives')), 20_000);
      return { folder, started, state };
    };
    const job = await start('job');
    const other = await start('job-2');
    expect(await backend.isRunning(job.folder)).toBe(false);
    await backend.stop(job.folder);
    await expect(job.started).rejects.toMatchObject({
      message: expect.stringContaining('did not start (SIGTERM)'),
    });
    expect(other.state.ended).toBe(false);
    await backend.stop(other.folder);
    await expect(other.started).rejects.toMatchObject({ code: 'training-failed' });
  });
});
