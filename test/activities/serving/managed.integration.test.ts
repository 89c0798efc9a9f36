/** Our own server, restarted where it serves something else than it should, and only there. */
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it, vi } from 'vitest';
import { layout } from '../../../core/layout.ts';
import { startModelServer } from '../../support/model-server.ts';
import { BASE, BASE_SHA256, useServingBench } from '../../support/serving-bench.ts';

describe('serving by our own server', () => {
  const bench = useServingBench();

  it('fetches the checkpoint, restarts the server with it once, and leaves it alone afterwards', async () => {
    const id = bench().campaign('managed');
    const hash = await bench().publish(id, 1, 'weights');
    const first = await bench()
      .activities()
      .serveCheckpoint(bench().input(id, { iteration: 1 }));
    expect(first).toMatchObject({ servedModel: `${id}-iteration-1`, weightsSha256: hash });
    expect(await bench().desired()).toEqual({
      name: `${id}-iteration-1`,
      path: join(bench().served, hash),
      sha256: hash,
      contextLength: 2048,
    });
    expect(await readFile(join(bench().served, hash, 'model.safetensors'), 'utf8')).toBe('weights');
    // A restarted worker asks again.
    await bench()
      .activities()
      .serveCheckpoint(bench().input(id, { iteration: 1 }));
    expect(bench().restarts).toBe(1);
  });

  it('does not restart a server that serves the base already', async () => {
    bench().server.state.models = [{ id: BASE, root: join(bench().root, 'base'), max_model_len: 2048 }];
    const result = await bench()
      .activities()
      .serveCheckpoint(bench().input(bench().campaign('base'), 'base'));
    expect(result).toMatchObject({ servedModel: BASE, weightsSha256: BASE_SHA256 });
    expect(bench().restarts).toBe(0);
  });

  it('bench().restarts for another context length, and for other weights under the same name', async () => {
    bench().server.state.models = [{ id: BASE, root: join(bench().root, 'base'), max_model_len: 512 }];
    await bench()
      .activities()
      .serveCheckpoint(bench().input(bench().campaign('length'), 'base'));
    expect(bench().restarts).toBe(1);
    bench().server.state.models = [{ id: BASE, root: '/elsewhere', max_model_len: 2048 }];
    await bench()
      .activities()
      .serveCheckpoint(bench().input(bench().campaign('length'), 'base'));
    expect(bench().restarts).toBe(2);
  });

  it('waits for a server that is starting instead of restarting it', async () => {
    const id = bench().campaign('starting');
    await bench().publish(id, 1, 'weights');
    await bench()
      .activities()
      .serveCheckpoint(bench().input(id, { iteration: 1 }));
    const { models } = bench().server.state;
    await bench().server.close();
    const again = bench()
      .activities()
      .serveCheckpoint(bench().input(id, { iteration: 1 }));
    bench().server = await startModelServer({ port: bench().server.port });
    bench().server.state.models = models;
    await expect(again).resolves.toMatchObject({ servedModel: `${id}-iteration-1` });
    expect(bench().restarts).toBe(1);
  });

  it('bench().restarts a silent server where another model was wanted until now', async () => {
    const id = bench().campaign('silent');
    await bench().publish(id, 1, 'weights');
    await bench().server.close();
    const serving = bench().activities({
      restartModel: async () => {
        bench().server = await startModelServer({ port: bench().server.port });
        await bench().restartModel();
      },
    });
    await serving.serveCheckpoint(bench().input(id, { iteration: 1 }));
    expect(bench().restarts).toBe(1);
  });

  it('shows its key to a server that asks for one', async () => {
    await bench().server.close();
    bench().server = await startModelServer({ apiKey: 'open sesame' });
    bench().server.state.models = [{ id: BASE, root: join(bench().root, 'base'), max_model_len: 2048 }];
    await expect(
      bench()
        .activities()
        .serveCheckpoint(bench().input(bench().campaign('key'), 'base')),
    ).rejects.toMatchObject({
      code: 'model-refused',
    });
    await bench()
      .activities({ apiKey: 'open sesame' })
      .serveCheckpoint(bench().input(bench().campaign('key'), 'base'));
  });

  it('rests while nothing needs it, and comes back with the same checkpoint, for whoever asks first', async () => {
    const id = bench().campaign('rests');
    const hash = await bench().publish(id, 1, 'weights');
    await bench()
      .activities()
      .serveCheckpoint(bench().input(id, { iteration: 1 }));
    await bench().activities().restModelServer({ campaignId: id });
    // A restarted worker asks again.
    await bench().activities().restModelServer({ campaignId: id });
    expect(bench().rests).toBe(true);
    await bench().activities().wakeModelServer();
    await bench().activities().wakeModelServer();
    expect(bench().restarts).toBe(2);
    expect(bench().server.state.models).toMatchObject([
      { id: `${id}-iteration-1`, root: join(bench().served, hash) },
    ]);
    await bench().activities().restModelServer({ campaignId: id });
    const same = bench().input(id, { iteration: 1 });
    await expect(bench().activities().serveCheckpoint(same)).resolves.toMatchObject({ weightsSha256: hash });
    expect(bench().restarts).toBe(3);
  });

  it('is not content with a name in the list while no token comes', async () => {
    const id = bench().campaign('hanging');
    await bench().publish(id, 1, 'weights');
    bench().server.state.hangs = true;
    const environment = new MockActivityEnvironment();
    const serving = environment.run(
      bench().activities().serveCheckpoint,
      bench().input(id, { iteration: 1 }),
    );
    serving.catch(() => undefined);
    await vi.waitFor(() => expect(bench().server.state.requests).toContain('POST /v1/completions'));
    environment.cancel();
    await expect(serving).rejects.toThrow('CANCELLED');
  });

  it('says what the server offers instead when the model does not come', async () => {
    const id = bench().campaign('absent');
    await bench().publish(id, 1, 'weights');
    bench().server.state.models = [{ id: 'other', root: '/other', max_model_len: 2048 }];
    const serving = bench().activities({ restartModel: async () => undefined, timeoutMs: 300 });
    await expect(serving.serveCheckpoint(bench().input(id, { iteration: 1 }))).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringMatching(/did not offer .*iteration-1 within .*other.*model\.log/s),
    });
  });

  it('refuses a checkpoint whose files are not those of its manifest', async () => {
    const id = bench().campaign('changed');
    await bench().publish(id, 1, 'weights');
    await bench().store.replace(layout.checkpoint({ campaignId: id }, 1, 'model.safetensors'), 'others!');
    await expect(
      bench()
        .activities()
        .serveCheckpoint(bench().input(id, { iteration: 1 })),
    ).rejects.toMatchObject({
      code: 'checkpoint-invalid',
    });
    expect(bench().restarts).toBe(0);
    expect(await readdir(bench().served)).toEqual([]);
  });

  it('keeps the three local copies that were used last', async () => {
    const id = bench().campaign('copies');
    const hashes: string[] = [];
    for (const n of [1, 2, 3, 4]) {
      hashes.push(await bench().publish(id, n, `weights ${n}`));
      await bench()
        .activities()
        .serveCheckpoint(bench().input(id, { iteration: n }));
      const age = new Date(Date.now() - (10 - n) * 60_000);
      await utimes(join(bench().served, hashes[n - 1] ?? ''), age, age);
    }
    expect((await readdir(bench().served)).sort()).toEqual(hashes.slice(1).sort());
  });

  it('refuses a server that is not ours', async () => {
    await expect(
      bench()
        .activities({ managed: false })
        .serveCheckpoint(bench().input(bench().campaign('x'), 'base')),
    ).rejects.toMatchObject({
      code: 'serving-unsupported',
    });
  });
});
