/** A bench for serving: a small model server, a bucket with checkpoints, and a stand-in for the supervisor. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import {
  createServingActivities,
  type ServeCheckpointInput,
  type ServingActivities,
} from '../../activities/serving/serving-activities.ts';
import { layout } from '../../core/layout.ts';
import { type FakeModelServer, startModelServer } from './model-server.ts';
import { testStore } from './store.ts';

export const BASE = 'tiny';
export const BASE_SHA256 = 'b'.repeat(64);

type Options = { managed?: boolean; apiKey?: string; restartModel?: () => Promise<void>; timeoutMs?: number };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Fresh for each test of the describe block that calls it. */
export const useServingBench = () => {
  let current: Bench | undefined;
  beforeEach(async () => {
    current = new Bench(
      await testStore(),
      await mkdtemp(join(tmpdir(), 'ucoder-serving-')),
      await startModelServer(),
    );
  });
  afterEach(async () => {
    await current?.server.close();
    if (current) await rm(current.root, { recursive: true, force: true });
  });
  return (): Bench => {
    if (!current) throw new Error('The bench exists inside a test only.');
    return current;
  };
};

export class Bench {
  readonly store: Awaited<ReturnType<typeof testStore>>['store'];
  readonly root: string;
  server: FakeModelServer;
  restarts = 0;
  rests = false;
  private stopped = false;
  readonly #prefix: string;

  constructor(
    { store, prefix }: Awaited<ReturnType<typeof testStore>>,
    root: string,
    server: FakeModelServer,
  ) {
    this.store = store;
    this.#prefix = prefix;
    this.root = root;
    this.server = server;
  }

  get served(): string {
    return join(this.root, 'served');
  }

  campaign(name: string): string {
    return `${this.#prefix}-${name}`;
  }

  async desired() {
    return JSON.parse(await readFile(join(this.root, 'run', 'served-model.json'), 'utf8'));
  }

  /** What the supervisor does: the server loads what the file says. */
  async restartModel(): Promise<void> {
    this.restarts += 1;
    this.rests = false;
    if (this.stopped) this.server = await startModelServer({ port: this.server.port });
    this.stopped = false;
    const { name, path, contextLength } = await this.desired();
    this.server.state.models = [{ id: name, root: path, max_model_len: contextLength }];
  }

  /** The process ends, and what it served is forgotten. */
  async restModel(): Promise<void> {
    if (!this.stopped) await this.server.close();
    this.stopped = true;
    this.rests = true;
  }

  /** As a worker would make them; a second call is a restarted worker. */
  activities({ managed = true, apiKey, restartModel, timeoutMs = 20_000 }: Options = {}): ServingActivities {
    return createServingActivities({
      store: this.store,
      model: { url: this.server.url, apiKey, managed },
      paths: { run: join(this.root, 'run'), logs: join(this.root, 'logs'), served: this.served },
      runtime: { findBaseModel: async () => ({ path: join(this.root, 'base'), weightsSha256: BASE_SHA256 }) },
      restartModel: restartModel ?? (() => this.restartModel()),
      restModel: () => this.restModel(),
      modelRests: async () => this.rests,
      timeoutMs,
    });
  }

  /** Stores a checkpoint as training publishes it; its weights are a text, whose hash is the answer. */
  async publish(campaignId: string, iteration: number, weights: string): Promise<string> {
    const files = { 'config.json': '{}', 'model.safetensors': weights, 'adapter/adapter_config.json': '{}' };
    const manifest = [];
    for (const [file, body] of Object.entries(files)) {
      await this.store.put(layout.checkpoint({ campaignId }, iteration, file), body);
      manifest.push({ file, size: body.length, sha256: sha256(body) });
    }
    await this.store.putJson(layout.checkpoint({ campaignId }, iteration, 'manifest.json'), {
      weightsSha256: sha256(weights),
      jobId: 'job',
      files: manifest,
    });
    return sha256(weights);
  }

  input(
    campaignId: string,
    from: ServeCheckpointInput['from'],
    serving: ServeCheckpointInput['serving'] = { mode: 'managed' },
  ): ServeCheckpointInput {
    return { campaignId, from, baseModel: BASE, serving, contextLength: 2048 };
  }
}
