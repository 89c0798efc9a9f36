/** Real jobs of the real trainer on a tiny model, in processes of their own, with their data in a real bucket. */
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { CheckpointManifest, folderWeightsHash } from '../../../activities/training/checkpoint-manifest.ts';
import { fetchCheckpoint, readManifest } from '../../../activities/training/fetch-checkpoint.ts';
import type { CheckpointSource } from '../../../activities/training/fine-tune-request.ts';
import { jobFolder, readProcess, readProgress } from '../../../activities/training/job-folder.ts';
import { createProcessBackend } from '../../../activities/training/process-backend.ts';
import {
  createTrainingActivities,
  type TrainingActivities,
} from '../../../activities/training/training-activities.ts';
import { TrainingConfig } from '../../../core/config/campaign-config.ts';
import { layout } from '../../../core/layout.ts';
import { isAlive } from '../../../infra/stack/process-identity.ts';
import { pythonInterpreter, trainerPackage, writeTinyModel } from '../../support/python.ts';
import { testStore } from '../../support/store.ts';

const WAIT = { timeout: 120_000, interval: 50 };
const QUICK: Partial<TrainingConfig> = { epochs: 1 };
/** Long enough to be interrupted. */
const SLOW: Partial<TrainingConfig> = { epochs: 60 };

const rows = Array.from({ length: 6 }, (_, n) => ({
  messages: [
    { role: 'user', content: `Add ${n}.` },
    { role: 'assistant', content: `def add(x):\n    return x + ${n}` },
  ],
  problem_id: `p000${n}`,
  iteration: 1,
  function_name: 'add',
  candidate_id: 'c0001',
}));

describe('fine-tuning', () => {
  let store: ObjectStore;
  let prefix: string;
  let root: string;
  let model: string;
  let python: string;

  beforeAll(async () => {
    ({ store, prefix } = await testStore());
    root = await mkdtemp(join(tmpdir(), 'ucoder-training-'));
    model = join(root, 'base');
    python = await pythonInterpreter();
    await writeTinyModel(model);
  }, 120_000);

  afterAll(() => rm(root, { recursive: true, force: true }));

  const jobs = () => join(root, 'jobs');

  /** As a worker would make them; a second call is a restarted worker. */
  const worker = (packageFolder = trainerPackage): TrainingActivities =>
    createTrainingActivities({
      store,
      paths: { jobs: jobs() },
      runtime: {
        findBaseModel: async () => ({ path: model, weightsSha256: await folderWeightsHash(model) }),
        backend: async () =>
          createProcessBackend({
            python,
            packageFolder,
            variables: { ...process.env, OMP_NUM_THREADS: '1' },
          }),
      },
    });

  /** A campaign of its own, with a published dataset. */
  const campaign = async (name: string, settings: Partial<TrainingConfig>, dataset: object[] = rows) => {
    const campaignId = `${prefix}-${name}`;
    const input = {
      campaignId,
      iteration: 1,
      seed: 1,
      baseModel: 'tiny',
      from: 'base' as CheckpointSource,
      training: TrainingConfig.parse({
        method: 'lora',
        batchSize: 4,
        microBatchSize: 4,
        maxLength: 256,
        learningRate: 0.01,
        loraRank: 4,
        loraAlpha: 8,
        ...settings,
      }),
    };
    await store.putJsonLines(layout.dataset({ campaignId }, 1, 'data/train.jsonl'), dataset);
    return input;
  };

  const untilStep = async (jobId: string, step: number) => {
    const folder = jobFolder(jobs(), jobId);
    await vi.waitFor(
      async () => expect((await readProgress(folder))?.step ?? 0).toBeGreaterThanOrEqual(step),
      WAIT,
    );
    const job = await readProcess(folder);
    if (!job || job.startTime === null) throw new Error('The job has no process.');
    return { folder, pid: job.pid, identity: { pid: job.pid, startTime: job.startTime } };
  };

  const steps = async (jobId: string): Promise<number[]> =>
    (await readFile(jobFolder(jobs(), jobId).progress, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).step));

  it('trains, publishes a verified checkpoint, and trains on from it', { timeout: 300_000 }, async () => {
    const input = await campaign('whole', QUICK);
    const activities = worker();
    const { jobId } = await activities.startFineTune(input);
    const measures = await activities.awaitFineTune({ jobId });
    expect(measures).toMatchObject({ steps: 2, examples: 6, skipped: 0 });
    expect(measures.loss).toBeGreaterThan(0);

    const published = await activities.publishCheckpoint({ ...input, jobId });
    const manifest = await readManifest(store, input);
    expect(published).toMatchObject({ weightsSha256: manifest.weightsSha256, files: manifest.files.length });
    expect(manifest.files.map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        'adapter/adapter_config.json',
        'adapter/adapter_model.safetensors',
        'chat_template.jinja',
        'config.json',
        'generation_config.json',
        'model.safetensors',
        'tokenizer.json',
        'tokenizer_config.json',
      ]),
    );
    expect(await activities.publishCheckpoint({ ...input, jobId })).toEqual({
      ...published,
      seconds: expect.any(Number),
    });
    await expect(access(jobFolder(jobs(), jobId).checkpoint)).rejects.toThrow('ENOENT');

    const copy = join(root, 'copy');
    await fetchCheckpoint(store, input, manifest, copy);
    expect(await folderWeightsHash(copy)).toBe(manifest.weightsSha256);
    expect(manifest.weightsSha256).not.toBe(await folderWeightsHash(model));

    const next = { ...input, iteration: 2, from: { iteration: 1 } };
    await store.putJsonLines(layout.dataset(input, 2, 'data/train.jsonl'), rows);
    const { jobId: nextId } = await activities.startFineTune(next);
    await activities.awaitFineTune({ jobId: nextId });
    const nextPublished = await activities.publishCheckpoint({ ...next, jobId: nextId });
    expect(nextPublished.weightsSha256).not.toBe(published.weightsSha256);
  });

  it('starts one job for two starts at once, and a restarted worker attaches to it', {
    timeout: 300_000,
  }, async () => {
    const input = await campaign('once', SLOW);
    const [first, second] = await Promise.all([worker().startFineTune(input), worker().startFineTune(input)]);
    expect(second.jobId).toBe(first.jobId);
    const { pid } = await untilStep(first.jobId, 2);
    const { steps: total } = await worker().awaitFineTune(first);
    expect(total).toBe(120);
    expect((await readProcess(jobFolder(jobs(), first.jobId)))?.pid).toBe(pid);
    const seen = await steps(first.jobId);
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  });

  it('takes a job up again from its last checkpoint after kill -9', { timeout: 300_000 }, async () => {
    const input = await campaign('killed', SLOW);
    const { jobId } = await worker().startFineTune(input);
    const { pid } = await untilStep(jobId, 6);
    process.kill(pid, 'SIGKILL');
    const { steps: total } = await worker().awaitFineTune({ jobId });
    expect(total).toBe(120);
    const seen = await steps(jobId);
    const resumedAt = seen.findIndex((step, index) => index > 0 && step <= (seen[index - 1] ?? 0));
    // At most the epoch in flight is repeated: two steps.
    expect((seen[resumedAt - 1] ?? 0) - (seen[resumedAt] ?? 0)).toBeLessThanOrEqual(2);
    expect(seen.at(-1)).toBe(120);
  });

  it('stops the job when the campaign is cancelled, and leaves it running when only the worker ends', {
    timeout: 300_000,
  }, async () => {
    const input = await campaign('cancelled', { epochs: 100, batchSize: 1 });
    const { jobId } = await worker().startFineTune(input);
    const { identity } = await untilStep(jobId, 2);
    const attempt = async (reason: Parameters<MockActivityEnvironment['cancel']>[0]) => {
      const environment = new MockActivityEnvironment();
      const heartbeats: unknown[] = [];
      environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
      const awaiting = environment.run(worker().awaitFineTune, { jobId });
      awaiting.catch(() => undefined);
      await vi.waitFor(
        () => expect(heartbeats).toContainEqual(expect.objectContaining({ total: 600 })),
        WAIT,
      );
      environment.cancel(reason);
      await expect(awaiting).rejects.toThrow(reason);
    };
    await attempt('WORKER_SHUTDOWN');
    expect(await isAlive(identity)).toBe(true);
    await attempt('CANCELLED');
    expect(await isAlive(identity)).toBe(false);
    // Whoever waited may have died before it could end the job.
    await worker().startFineTune(input);
    const again = await untilStep(jobId, 3);
    await worker().stopFineTune({ jobId });
    expect(await isAlive(again.identity)).toBe(false);
    await worker().stopFineTune({ jobId });
  });

  it('reports what the trainer refuses under its own code', { timeout: 120_000 }, async () => {
    const question = { role: 'user', content: 'x'.repeat(64) };
    const long = rows.map((row) => ({ ...row, messages: [question, ...row.messages.slice(1)] }));
    const input = await campaign('refused', { ...QUICK, maxLength: 64 }, long);
    const { jobId } = await worker().startFineTune(input);
    await expect(worker().awaitFineTune({ jobId })).rejects.toMatchObject({
      code: 'training-invalid',
      message: expect.stringContaining('6 are longer than 64 tokens'),
    });
  });

  it.each([
    ['claims success without a checkpoint', 'claims-success', 'checkpoint-invalid', 'lacks config.json'],
    ['ends without a word', 'says-nothing', 'training-failed', 'did not start (0)'],
    ['dies again and again after it began', 'dies', 'training-stuck', 'died 5 times without getting ahead'],
    [
      'writes weights that are cut short',
      'cut-short',
      'checkpoint-invalid',
      'model.safetensors is not whole',
    ],
  ])('does not believe a trainer that %s', { timeout: 120_000 }, async (_, name, code, message) => {
    const input = await campaign(name, QUICK);
    const activities = worker(join(import.meta.dirname, 'false-trainers', name));
    const whole = async () => {
      const { jobId } = await activities.startFineTune(input);
      await activities.awaitFineTune({ jobId });
      await activities.publishCheckpoint({ ...input, jobId });
    };
    await expect(whole()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await store.find(layout.checkpoint(input, 1, 'manifest.json'))).toBeUndefined();
  });

  it('waits for space on its disk however often it is refused, and goes on then', {
    timeout: 120_000,
  }, async () => {
    const input = await campaign('full-disk', QUICK);
    const activities = worker(join(import.meta.dirname, 'false-trainers', 'full-disk'));
    const { jobId } = await activities.startFineTune(input);
    // More often than a job may fail by its own fault.
    for (let attempt = 0; attempt < 7; attempt += 1)
      await expect(activities.awaitFineTune({ jobId })).rejects.toMatchObject({ code: 'disk-full' });
    await writeFile(join(jobs(), jobId, 'space'), '');
    expect(await activities.awaitFineTune({ jobId })).toMatchObject({ steps: 1 });
  });

  it('keeps the manifest to itself: names that leave the folder are refused', () => {
    const sha256 = 'a'.repeat(64);
    const withFile = (file: string) =>
      CheckpointManifest.safeParse({ weightsSha256: sha256, jobId: 'j', files: [{ file, size: 1, sha256 }] });
    expect(withFile('adapter/adapter_config.json').success).toBe(true);
    for (const file of ['../x', '/etc/passwd', 'a/../../b', 'a//b', ''])
      expect(withFile(file).success).toBe(false);
  });
});
