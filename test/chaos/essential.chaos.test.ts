/**
 * The faults that every run of the tests goes through. Numbers are those of docs/reliability.md; the rest is in
 * the files beside this one (`npm run test:chaos`).
 */
import { rm, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Fault } from '../support/scripted-model-server.ts';
import { chaosBench, HARDEST } from './harness/bench.ts';
import { finished, newName, reasonsOf, start, until } from './harness/campaigns.ts';
import type { S3Fault } from './harness/s3-proxy.ts';

const bench = chaosBench();

it('fault 1: kill -9 of each worker in turn', HARDEST, async () => {
  const { stack, disturbed } = bench;
  await stack.model.slowDown(300);
  await disturbed('sampling', 1, async (name) => {
    await stack.workers.model.restart();
    await stack.model.slowDown(0);
    await stack.workers.control.restart();
    await stack.workers.sandbox.restart();
    await until(stack, name, 'training');
    await stack.workers.training.restart();
  });
});

it('fault 2: SIGTERM hands the work back and ends with code 0; a deploy is a rolling restart', async () => {
  const { stack, disturbed } = bench;
  await stack.model.slowDown(300);
  await disturbed('sampling', 0, async () => {
    for (const worker of Object.values(stack.workers)) {
      expect(await worker.end('SIGTERM')).toBe(0);
      await worker.start();
    }
    await stack.model.slowDown(0);
  });
});

it('faults 6 and 12: kill -9 of the containers and of the model server', async () => {
  const { stack, disturbed } = bench;
  await stack.model.slowDown(200);
  await disturbed('sampling', 1, async () => {
    await stack.model.process.restart();
    await stack.killContainers();
  });
});

it('faults 13 and 14: the model server answers wrongly in nine ways, or hangs while it is healthy', async () => {
  const { stack, disturbed } = bench;
  const faults: Fault[] = [
    { kind: 'status', status: 429 },
    { kind: 'status', status: 500 },
    { kind: 'half-a-stream' },
    { kind: 'html' },
    { kind: 'garbage' },
    { kind: 'sample-missing' },
    { kind: 'empty' },
    { kind: 'hang' },
    { kind: 'hang-after-a-token' },
  ];
  await disturbed('proposing', 1, async () => {
    await stack.model.spoil(faults);
  });
  expect((await stack.model.state()).faultsLeft).toBe(0);
});

it(
  'faults 8, 9, 10 and 16: the bucket refuses, is full, loses replies and halves of uploads',
  HARDEST,
  async () => {
    const { stack, disturbed } = bench;
    const kinds: S3Fault[] = ['unavailable', 'full', 'lost-reply', 'half-upload'];
    const tries = new Map<string, number>();
    stack.proxies.s3.state.plan = (method, path) => {
      if (method !== 'PUT' || path.includes('/faults/')) return undefined;
      const seen = tries.get(path) ?? 0;
      tries.set(path, seen + 1);
      return seen === 0 && tries.size % 3 === 0 ? kinds[(tries.size / 3) % kinds.length] : undefined;
    };
    // The client itself tries most of these writes again. Where it gives up, a step repeats what it had in flight.
    await disturbed(
      'start',
      0,
      async () => undefined,
      (different) => different / 2,
    );
    expect(new Set(stack.proxies.s3.state.spoilt.map((line) => line.split(' ')[0])).size).toBe(kinds.length);
  },
);

it('fault 15: a trainer that dies, and one that ends with code 0 and nothing, is started again', async () => {
  const { stack, disturbed } = bench;
  await writeFile(stack.trainerPlan, 'dies\nvanish\n');
  await disturbed('start', 0, async () => undefined);
});

it('fault 15: a trainer without memory ends the campaign with its reason, and nothing is published', async () => {
  const { stack } = bench;
  const name = newName();
  await writeFile(stack.trainerPlan, 'out-of-memory\n');
  await start(stack, name);
  const failure = await finished(stack, name).catch((thrown: unknown) => thrown);
  expect(reasonsOf(failure)).toContain('does not fit into the memory');
  const published = await stack.store.list(`campaigns/${name}/iterations/1/checkpoint/`);
  expect(published).toEqual([]);
  await rm(stack.trainerPlan, { force: true });
});

it('fault 20: the same campaign started three times at once is one campaign', async () => {
  const { stack, check } = bench;
  const name = newName();
  await stack.model.forget();
  await Promise.all([start(stack, name), start(stack, name), start(stack, name)]);
  await finished(stack, name);
  await start(stack, name);
  expect((await stack.model.asked()).repeated).toBe(0);
  await check(name, 0);
});

it('fault 24: a worker that sleeps past its heartbeat and wakes up changes nothing', HARDEST, async () => {
  const { stack, disturbed } = bench;
  await stack.model.slowDown(500);
  await disturbed('sampling', 1, async (name) => {
    const zombie = stack.workers.model;
    zombie.signal('SIGSTOP');
    const second = await stack.secondWorker('model');
    await stack.model.slowDown(0);
    // What the sleeper held has timed out and was done by the other one.
    await until(stack, name, 'training');
    zombie.signal('SIGCONT');
    await finished(stack, name);
    await second.end('SIGTERM');
  });
});

it('fault 25: servers, workers, model server and containers die at once', HARDEST, async () => {
  const { stack, disturbed } = bench;
  await disturbed('sampling', 0, () => stack.killEverything());
});
