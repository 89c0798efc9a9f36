/** Serving against a small server that speaks vLLM's endpoints, checkpoints in a real bucket, and a stand-in supervisor. */
import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createServingActivities,
  type ServeCheckpointInput,
} from '../../../activities/serving/serving-activities.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { layout } from '../../../core/layout.ts';
import { type FakeModelServer, startModelServer } from '../../support/model-server.ts';
import { testStore } from '../../support/store.ts';

const BASE = 'tiny';

describe('serving', () => {
  let store: ObjectStore;
  let prefix: string;
  let root: string;
  let server: FakeModelServer;
  let restarts: number;

  beforeAll(async () => {
    ({ store, prefix } = await testStore());
  });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ucoder-serving-'));
    server = await startModelServer();
    restarts = 0;
  });
  afterEach(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  const file = () => join(root, 'run', 'served-model.json');
  const served = () => join(root, 'served');
  const desired = async () => JSON.parse(await readFile(file(), 'utf8'));

  /** What the supervisor does: the server loads what the file says. */
  const restartModel = async () => {
    restarts += 1;
    const { name, path, contextLength } = await desired();
    server.state.models = [{ id: name, root: path, max_model_len: contextLength }];
  };

  const activities = (
    options: {
      managed?: boolean;
      apiKey?: string;
      restartModel?: () => Promise<void>;
      timeoutMs?: number;
    } = {},
  ) =>
    createServingActivities({
      store,
      model: { url: server.url, apiKey: options.apiKey, managed: options.managed ?? true },
      paths: { run: join(root, 'run'), logs: join(root, 'logs'), served: served() },
      runtime: { findBaseModel: async () => ({ path: join(root, 'base'), weightsSha256: 'b'.repeat(64) }) },
      restartModel: options.restartModel ?? restartModel,
      timeoutMs: options.timeoutMs ?? 20_000,
    });

  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  /** Stores a checkpoint as training publishes it; its weights are a text. */
  const publish = async (campaignId: string, iteration: number, weights: string) => {
    const files = { 'config.json': '{}', 'model.safetensors': weights, 'adapter/adapter_config.json': '{}' };
    for (const [name, body] of Object.entries(files))
      await store.put(layout.checkpoint(campaignId, iteration, name), body);
    await store.putJson(layout.checkpoint(campaignId, iteration, 'manifest.json'), {
      weightsSha256: sha256(weights),
      jobId: 'job',
      files: Object.entries(files).map(([name, body]) => ({
        file: name,
        size: body.length,
        sha256: sha256(body),
      })),
    });
    return sha256(weights);
  };

  const input = (
    campaignId: string,
    from: ServeCheckpointInput['from'],
    serving: ServeCheckpointInput['serving'] = { mode: 'managed' },
  ): ServeCheckpointInput => ({ campaignId, from, baseModel: BASE, serving, contextLength: 2048 });

  const campaign = (name: string) => `${prefix}-${name}`;

  describe('by our own server', () => {
    it('fetches the checkpoint, restarts the server with it once, and leaves it alone afterwards', async () => {
      const id = campaign('managed');
      const hash = await publish(id, 1, 'weights');
      const first = await activities().serveCheckpoint(input(id, { iteration: 1 }));
      expect(first).toMatchObject({ servedModel: `${id}-iteration-1`, weightsSha256: hash });
      expect(await desired()).toEqual({
        name: `${id}-iteration-1`,
        path: join(served(), hash),
        sha256: hash,
        contextLength: 2048,
      });
      expect(await readFile(join(served(), hash, 'model.safetensors'), 'utf8')).toBe('weights');
      // A restarted worker asks again.
      await activities().serveCheckpoint(input(id, { iteration: 1 }));
      expect(restarts).toBe(1);
    });

    it('does not restart a server that serves the base already', async () => {
      server.state.models = [{ id: BASE, root: join(root, 'base'), max_model_len: 2048 }];
      const result = await activities().serveCheckpoint(input(campaign('base'), 'base'));
      expect(result).toMatchObject({ servedModel: BASE, weightsSha256: 'b'.repeat(64) });
      expect(restarts).toBe(0);
    });

    it('restarts for another context length, and for other weights under the same name', async () => {
      server.state.models = [{ id: BASE, root: join(root, 'base'), max_model_len: 512 }];
      await activities().serveCheckpoint(input(campaign('length'), 'base'));
      expect(restarts).toBe(1);
      server.state.models = [{ id: BASE, root: '/elsewhere', max_model_len: 2048 }];
      await activities().serveCheckpoint(input(campaign('length'), 'base'));
      expect(restarts).toBe(2);
    });

    it('waits for a server that is starting instead of restarting it', async () => {
      const id = campaign('starting');
      await publish(id, 1, 'weights');
      await activities().serveCheckpoint(input(id, { iteration: 1 }));
      const { models } = server.state;
      await server.close();
      const again = activities().serveCheckpoint(input(id, { iteration: 1 }));
      server = await startModelServer({ port: server.port });
      server.state.models = models;
      await expect(again).resolves.toMatchObject({ servedModel: `${id}-iteration-1` });
      expect(restarts).toBe(1);
    });

    it('restarts a silent server where another model was wanted until now', async () => {
      const id = campaign('silent');
      await publish(id, 1, 'weights');
      await server.close();
      const serving = activities({
        restartModel: async () => {
          server = await startModelServer({ port: server.port });
          await restartModel();
        },
      });
      await serving.serveCheckpoint(input(id, { iteration: 1 }));
      expect(restarts).toBe(1);
    });

    it('shows its key to a server that asks for one', async () => {
      await server.close();
      server = await startModelServer({ apiKey: 'open sesame' });
      server.state.models = [{ id: BASE, root: join(root, 'base'), max_model_len: 2048 }];
      await expect(activities().serveCheckpoint(input(campaign('key'), 'base'))).rejects.toMatchObject({
        code: 'model-refused',
      });
      await activities({ apiKey: 'open sesame' }).serveCheckpoint(input(campaign('key'), 'base'));
    });

    it('is not content with a name in the list while no token comes', async () => {
      const id = campaign('hanging');
      await publish(id, 1, 'weights');
      server.state.hangs = true;
      const environment = new MockActivityEnvironment();
      const serving = environment.run(activities().serveCheckpoint, input(id, { iteration: 1 }));
      serving.catch(() => undefined);
      await vi.waitFor(() => expect(server.state.requests).toContain('POST /v1/completions'));
      environment.cancel();
      await expect(serving).rejects.toThrow('CANCELLED');
    });

    it('says what the server offers instead when the model does not come', async () => {
      const id = campaign('absent');
      await publish(id, 1, 'weights');
      server.state.models = [{ id: 'other', root: '/other', max_model_len: 2048 }];
      const serving = activities({ restartModel: async () => undefined, timeoutMs: 300 });
      await expect(serving.serveCheckpoint(input(id, { iteration: 1 }))).rejects.toMatchObject({
        code: 'model-unavailable',
        message: expect.stringMatching(/did not offer .*iteration-1 within .*other.*model\.log/s),
      });
    });

    it('refuses a checkpoint whose files are not those of its manifest', async () => {
      const id = campaign('changed');
      await publish(id, 1, 'weights');
      await store.replace(layout.checkpoint(id, 1, 'model.safetensors'), 'others!');
      await expect(activities().serveCheckpoint(input(id, { iteration: 1 }))).rejects.toMatchObject({
        code: 'checkpoint-invalid',
      });
      expect(restarts).toBe(0);
      expect(await readdir(served())).toEqual([]);
    });

    it('keeps the three local copies that were used last', async () => {
      const id = campaign('copies');
      const hashes: string[] = [];
      for (const n of [1, 2, 3, 4]) {
        hashes.push(await publish(id, n, `weights ${n}`));
        await activities().serveCheckpoint(input(id, { iteration: n }));
        const age = new Date(Date.now() - (10 - n) * 60_000);
        await utimes(join(served(), hashes[n - 1] ?? ''), age, age);
      }
      expect((await readdir(served())).sort()).toEqual(hashes.slice(1).sort());
    });

    it('refuses a server that is not ours', async () => {
      await expect(
        activities({ managed: false }).serveCheckpoint(input(campaign('x'), 'base')),
      ).rejects.toMatchObject({
        code: 'serving-unsupported',
      });
    });
  });

  describe('by an adapter', () => {
    const adapter = { mode: 'adapter' } as const;

    it('loads it under the checkpoint’s name, once', async () => {
      const id = campaign('adapter');
      const hash = await publish(id, 1, 'weights');
      server.state.models = [{ id: BASE, root: '/base', max_model_len: 2048 }];
      await activities({ managed: false }).serveCheckpoint(input(id, { iteration: 1 }, adapter));
      await activities({ managed: false }).serveCheckpoint(input(id, { iteration: 1 }, adapter));
      expect(server.state.models.at(-1)).toMatchObject({
        id: `${id}-iteration-1`,
        root: join(served(), hash, 'adapter'),
      });
      expect(
        server.state.requests.filter((request) => request === 'POST /v1/load_lora_adapter'),
      ).toHaveLength(1);
    });

    it('replaces an adapter of the same name with other weights', async () => {
      const id = campaign('adapter-again');
      await publish(id, 1, 'weights');
      server.state.models = [{ id: `${id}-iteration-1`, root: '/old/adapter', max_model_len: 2048 }];
      await activities({ managed: false }).serveCheckpoint(input(id, { iteration: 1 }, adapter));
      expect(server.state.requests).toContain('POST /v1/unload_lora_adapter');
      expect(server.state.models).toHaveLength(1);
    });

    it('needs the base model on the server, and names what is there', async () => {
      server.state.models = [{ id: 'other', root: '/other', max_model_len: 2048 }];
      await expect(
        activities({ managed: false }).serveCheckpoint(input(campaign('y'), 'base', adapter)),
      ).rejects.toMatchObject({ code: 'model-missing', message: expect.stringContaining('it offers other') });
    });
  });

  describe('by the user’s command', () => {
    const script = async (body: string) => {
      await mkdir(join(root, 'bin'), { recursive: true });
      const path = join(root, 'bin', 'serve');
      await writeFile(path, `#!/bin/sh\n${body}\n`);
      await chmod(path, 0o755);
      return { mode: 'command', command: path } as const;
    };

    it('hands it the checkpoint’s address and name, and waits for the name', async () => {
      const id = campaign('command');
      await publish(id, 1, 'weights');
      const command = await script(`echo "$1 $2" > ${join(root, 'told')}`);
      const serving = activities({ managed: false }).serveCheckpoint(input(id, { iteration: 1 }, command));
      await vi.waitFor(() => access(join(root, 'told')));
      expect((await readFile(join(root, 'told'), 'utf8')).trim()).toBe(
        `${store.uri(layout.checkpoint(id, 1, ''))} ${id}-iteration-1`,
      );
      server.state.models = [{ id: `${id}-iteration-1`, root: 'anything', max_model_len: 4096 }];
      await expect(serving).resolves.toMatchObject({ servedModel: `${id}-iteration-1` });
    });

    it('reports what a failing command printed', async () => {
      const id = campaign('failing');
      await publish(id, 1, 'weights');
      const command = await script('echo "no GPU left" >&2; exit 3');
      await expect(
        activities({ managed: false }).serveCheckpoint(input(id, { iteration: 1 }, command)),
      ).rejects.toMatchObject({ code: 'model-unavailable', message: expect.stringContaining('no GPU left') });
    });
  });

  describe('the measure of fit', () => {
    const dataset = async (id: string) => {
      const messages = [
        { role: 'user', content: 'Add.' },
        { role: 'assistant', content: 'def add' },
      ];
      await store.putJsonLines(layout.dataset(id, 1, 'data/train.jsonl'), [
        { messages, problem_id: 'p0001', iteration: 1, function_name: 'add', candidate_id: 'c0001' },
      ]);
      server.state.models = [{ id: BASE, root: '/base', max_model_len: 2048 }];
      return { campaignId: id, iteration: 1, seed: 0, servedModel: BASE, datasetIteration: 1 };
    };

    it('is the mean log-probability of the answers’ tokens, measured once', async () => {
      const step = await dataset(campaign('fit'));
      const expected = { meanLogProbability: -1, answers: 1, tokens: 'def add'.length };
      expect(await activities().measureFit(step)).toEqual(expected);
      server.state.logProbability = -9;
      expect(await activities().measureFit(step)).toEqual(expected);
    });

    it('is left out where the server does not score prompts', async () => {
      const step = await dataset(campaign('unscored'));
      server.state.scores = false;
      expect(await activities().measureFit(step)).toEqual({
        meanLogProbability: null,
        answers: 0,
        tokens: 0,
      });
    });
  });
});
