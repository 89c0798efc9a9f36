/** The Docker back end on a real engine. The sandbox’s image stands in for the trainer’s: both have a Python. */
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDockerBackend } from '../../../activities/training/docker-backend.ts';
import { jobFolder, readProgress } from '../../../activities/training/job-folder.ts';
import { pythonImageTag } from '../../../infra/sandbox/image.ts';
import { testDocker } from '../../support/docker.ts';

const WAIT = { timeout: 60_000, interval: 50 };
const user = { uid: 12_345, gid: 12_345 };

describe('the docker back end', () => {
  let root: string;
  const docker = testDocker();

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ucoder-docker-'));
    await chmod(root, 0o755);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const plan = async (name: string) => {
    const folder = jobFolder(join(root, 'jobs'), `${name}-${process.pid}-1-0123456789abcdef`);
    const model = join(root, 'model');
    await mkdir(folder.path, { recursive: true });
    await mkdir(model, { recursive: true });
    // The container’s user is not this test’s.
    await chmod(folder.path, 0o777);
    return { folder, model };
  };

  const backend = (image = pythonImageTag()) =>
    createDockerBackend({
      docker,
      image,
      packageFolder: join(import.meta.dirname, 'false-trainers', 'patient'),
      user,
      gpus: false,
      graceSeconds: 30,
    });

  it('runs one container for two starts, finds it again, and stops it with a word of warning', async () => {
    const job = await plan('one');
    await Promise.all([backend().start(job), backend().start(job)]);
    await vi.waitFor(async () => expect(await readProgress(job.folder)).toMatchObject({ step: 1 }), WAIT);
    expect(await backend().isRunning(job.folder)).toBe(true);
    const named = await docker.listContainers({
      all: true,
      filters: { label: [`ucoder.job=${job.folder.jobId}`] },
    });
    expect(named).toHaveLength(1);
    await backend().start(job);
    await backend().stop(job.folder);
    expect(await backend().isRunning(job.folder)).toBe(false);
    expect(JSON.parse(await readFile(join(job.folder.path, 'told.json'), 'utf8'))).toEqual({
      uid: user.uid,
      network: ['lo'],
    });
    // Stopping what is gone is no fault; starting again is possible.
    await backend().stop(job.folder);
    await backend().start(job);
    expect(await backend().isRunning(job.folder)).toBe(true);
    await backend().stop(job.folder);
  });

  it('says how to build an image that is missing', async () => {
    const job = await plan('missing');
    await expect(backend('ucoder/no-such-image:1').start(job)).rejects.toMatchObject({
      code: 'training-invalid',
      message: expect.stringContaining('docker build -t ucoder/no-such-image:1 infra/trainer'),
    });
  });
});
