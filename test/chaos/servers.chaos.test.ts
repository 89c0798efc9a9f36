/** Every server alone: killed, out of reach, silent. */
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { layout } from '../../core/layout.ts';
import { FaultRecord } from '../../core/report/faults.ts';
import type { QueueName } from '../../workflows/task-queues.ts';
import { chaosBench } from './harness/bench.ts';
import { finished, type Moment, newName, reasonsOf, start } from './harness/campaigns.ts';

const bench = chaosBench();
const Operations = z.looseObject({ faults: z.object({ latest: z.array(FaultRecord) }) });

describe('fault 1: kill -9 of one worker', () => {
  const moments: [QueueName, Moment][] = [
    ['control', 'executing'],
    ['model', 'proposing'],
    ['sandbox', 'executing'],
    ['training', 'training'],
  ];
  it.each(moments)('%s while %s', async (queue, moment) => {
    await bench.disturbed(moment, 0, () => bench.stack.workers[queue].restart());
  });
});

describe('faults 3, 5 and 8: kill -9 of one server', () => {
  it.each(['temporal', 's3', 'docker-engine'] as const)('%s', async (name) => {
    await bench.disturbed('sampling', 0, () => bench.stack.killServer(name));
    await bench.stack.untilServersAnswer();
  });
});

it('fault 4: Temporal is out of reach', async () => {
  const { stack, disturbed } = bench;
  await disturbed('sampling', 0, async () => {
    stack.proxies.temporal.set('cut');
    const before = stack.proxies.temporal.refusals();
    await stack.until(() => stack.proxies.temporal.refusals() > before + 5, 'workers try to connect');
    stack.proxies.temporal.set('pass');
  });
});

it('fault 8: the bucket is silent, and answers again', async () => {
  const { stack, disturbed } = bench;
  await disturbed('sampling', 0, async () => {
    let hung = 0;
    stack.proxies.s3.state.plan = () => {
      hung += 1;
      return 'hang';
    };
    await stack.until(() => hung >= 2, 'requests hang');
    stack.proxies.s3.state.plan = () => undefined;
  });
});

it('fault 11: bytes that are read are not those that were written, once or again and again', async () => {
  const { stack, disturbed } = bench;
  const reads = new Map<string, number>();
  stack.proxies.s3.state.plan = (method, path) => {
    const [key = '', query = ''] = path.split('?');
    if (method !== 'GET' || !query.includes('x-id=GetObject')) return undefined;
    const read = (reads.get(key) ?? 0) + 1;
    reads.set(key, read);
    // What a step has read in vain three times it leaves to its next attempt.
    const spoilt = key.endsWith('/accepted.json') ? 4 : reads.size % 3 === 0 ? 1 : 0;
    return read <= spoilt ? 'flipped-byte' : undefined;
  };
  const name = await disturbed('start', 1, async () => undefined);
  const { faults } = await stack.store.readJson(layout.operations(name), Operations);
  expect(new Set(faults.latest.map(({ code }) => code))).toEqual(new Set(['object-corrupt']));
  const spoilt = stack.proxies.s3.state.spoilt.filter((line) => line.startsWith('flipped-byte'));
  expect(spoilt.length).toBeGreaterThan(4 + 5);
});

it('fault 12: the model server is out of reach, then silent, then back', async () => {
  const { stack, disturbed } = bench;
  await disturbed('proposing', 1, async (name) => {
    stack.proxies.model.set('cut');
    await stack.untilFaults(name, 1);
    stack.proxies.model.set('hang');
    await stack.untilFaults(name, 2);
    stack.proxies.model.set('pass');
  });
});

it('fault 15: a training that diverges once is taken up again', async () => {
  await writeFile(bench.stack.trainerPlan, 'diverges\n');
  await bench.disturbed('start', 1, async () => undefined);
});

it('fault 15: a trainer that reports success without weights ends the campaign with its reason', async () => {
  const { stack } = bench;
  const name = newName();
  await writeFile(stack.trainerPlan, 'no-checkpoint\n');
  await start(stack, name);
  const failure = await finished(stack, name).catch((thrown: unknown) => thrown);
  expect(reasonsOf(failure)).toContain('its checkpoint has no weights');
  const published = await stack.store.list(`campaigns/${name}/iterations/1/checkpoint/`);
  expect(published).toEqual([]);
});
