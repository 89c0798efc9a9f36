/** Servers that are not ours: adapters, the user’s command; and the measure of fit. */
import { access, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { layout } from '../../../core/layout.ts';
import { BASE, useServingBench } from '../../support/serving-bench.ts';

const bench = useServingBench();

describe('serving by an adapter', () => {
  const adapter = { mode: 'adapter' } as const;

  it('loads it under the checkpoint’s name, once', async () => {
    const id = bench().campaign('adapter');
    const hash = await bench().publish(id, 1, 'weights');
    bench().server.state.models = [{ id: BASE, root: '/base', max_model_len: 2048 }];
    await bench()
      .activities({ managed: false })
      .serveCheckpoint(bench().input(id, { iteration: 1 }, adapter));
    await bench()
      .activities({ managed: false })
      .serveCheckpoint(bench().input(id, { iteration: 1 }, adapter));
    expect(bench().server.state.models.at(-1)).toMatchObject({
      id: `${id}-iteration-1`,
      root: join(bench().served, hash, 'adapter'),
    });
    expect(
      bench().server.state.requests.filter((request) => request === 'POST /v1/load_lora_adapter'),
    ).toHaveLength(1);
  });

  it('replaces an adapter of the same name with other weights', async () => {
    const id = bench().campaign('adapter-again');
    await bench().publish(id, 1, 'weights');
    bench().server.state.models = [{ id: `${id}-iteration-1`, root: '/old/adapter', max_model_len: 2048 }];
    await bench()
      .activities({ managed: false })
      .serveCheckpoint(bench().input(id, { iteration: 1 }, adapter));
    expect(bench().server.state.requests).toContain('POST /v1/unload_lora_adapter');
    expect(bench().server.state.models).toHaveLength(1);
  });

  it('needs the base model on the server, and names what is there', async () => {
    bench().server.state.models = [{ id: 'other', root: '/other', max_model_len: 2048 }];
    await expect(
      bench()
        .activities({ managed: false })
        .serveCheckpoint(bench().input(bench().campaign('y'), 'base', adapter)),
    ).rejects.toMatchObject({ code: 'model-missing', message: expect.stringContaining('it offers other') });
  });
});

describe('serving by the user’s command', () => {
  const script = async (body: string) => {
    await mkdir(join(bench().root, 'bin'), { recursive: true });
    const path = join(bench().root, 'bin', 'serve');
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
    return { mode: 'command', command: path } as const;
  };

  it('hands it the checkpoint’s address and name, and waits for the name', async () => {
    const id = bench().campaign('command');
    await bench().publish(id, 1, 'weights');
    const command = await script(`echo "$1 $2" > ${join(bench().root, 'told')}`);
    const serving = bench()
      .activities({ managed: false })
      .serveCheckpoint(bench().input(id, { iteration: 1 }, command));
    await vi.waitFor(() => access(join(bench().root, 'told')));
    expect((await readFile(join(bench().root, 'told'), 'utf8')).trim()).toBe(
      `${bench().store.uri(layout.checkpoint({ campaignId: id }, 1, ''))} ${id}-iteration-1`,
    );
    bench().server.state.models = [{ id: `${id}-iteration-1`, root: 'anything', max_model_len: 4096 }];
    await expect(serving).resolves.toMatchObject({ servedModel: `${id}-iteration-1` });
  });

  it('reports what a failing command printed', async () => {
    const id = bench().campaign('failing');
    await bench().publish(id, 1, 'weights');
    const command = await script('echo "no GPU left" >&2; exit 3');
    await expect(
      bench()
        .activities({ managed: false })
        .serveCheckpoint(bench().input(id, { iteration: 1 }, command)),
    ).rejects.toMatchObject({ code: 'model-unavailable', message: expect.stringContaining('no GPU left') });
  });
});

describe('the measure of fit', () => {
  const dataset = async (id: string) => {
    const messages = [
      { role: 'user', content: 'Add.' },
      { role: 'assistant', content: 'def add' },
    ];
    await bench().store.putJsonLines(layout.dataset({ campaignId: id }, 1, 'data/train.jsonl'), [
      { messages, problem_id: 'p0001', iteration: 1, function_name: 'add', candidate_id: 'c0001' },
    ]);
    bench().server.state.models = [{ id: BASE, root: '/base', max_model_len: 2048 }];
    return { campaignId: id, iteration: 1, seed: 0, servedModel: BASE, datasetIteration: 1 };
  };

  it('is the mean log-probability of the answers’ tokens, measured once', async () => {
    const step = await dataset(bench().campaign('fit'));
    const expected = {
      meanLogProbability: -1,
      answers: 1,
      tokens: 'def add'.length,
      seconds: expect.any(Number),
    };
    expect(await bench().activities().measureFit(step)).toEqual(expected);
    bench().server.state.logProbability = -9;
    expect(await bench().activities().measureFit(step)).toEqual(expected);
  });

  it('is left out where the server does not score prompts', async () => {
    const step = await dataset(bench().campaign('unscored'));
    bench().server.state.scores = false;
    expect(await bench().activities().measureFit(step)).toEqual({
      meanLogProbability: null,
      answers: 0,
      tokens: 0,
      seconds: expect.any(Number),
    });
  });
});
