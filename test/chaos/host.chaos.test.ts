/** What workers stand on gives way: their disk is full, their clock jumps. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { layout } from '../../core/layout.ts';
import { FaultRecord } from '../../core/report/faults.ts';
import { chaosBench } from './harness/bench.ts';
import { until } from './harness/campaigns.ts';
import { fakeClock } from './harness/fake-clock.ts';
import { freeSpace, onFullDisk } from './harness/small-disk.ts';

const bench = chaosBench();
const HOUR_SECONDS = 3600;

const Operations = z.looseObject({
  faults: z.object({ total: z.int(), latest: z.array(FaultRecord) }),
  iterations: z.array(z.looseObject({ seconds: z.record(z.string(), z.number()) })),
});

it('fault 16: the disk of the training worker is full, until somebody frees space', async () => {
  const { stack, disturbed } = bench;
  const worker = stack.workers.training;
  const jobs = join(stack.folder, 'jobs');
  await worker.end('SIGTERM');
  await worker.start(await onFullDisk(worker.settings, jobs));
  // More often than a training job may fail by its own fault.
  const name = await disturbed('start', 7, async (campaign) => {
    await stack.untilFaults(campaign, 7);
    expect(await stack.store.list(`campaigns/${campaign}/iterations/1/checkpoint/`)).toEqual([]);
    await freeSpace(worker, jobs);
  });
  const { faults } = await stack.store.readJson(layout.operations(name), Operations);
  expect(new Set(faults.latest.map(({ code }) => code))).toEqual(new Set(['disk-full']));
});

it('fault 17: the clocks of all workers jump an hour ahead, are put right, and jump an hour behind', async () => {
  const { stack, disturbed } = bench;
  const clock = await fakeClock(stack.folder);
  const environment = { ...stack.environment, ...clock.variables };
  await Promise.all(
    Object.values(stack.workers).map(async (worker) => {
      await worker.end('SIGTERM');
      await worker.start({ environment });
    }),
  );
  await stack.model.slowDown(300);
  const name = await disturbed('sampling', 0, async (campaign) => {
    await clock.jump(HOUR_SECONDS);
    await until(stack, campaign, 'executing');
    await clock.jump(0);
    await stack.model.slowDown(0);
    await until(stack, campaign, 'training');
    await clock.jump(-HOUR_SECONDS);
  });
  const { faults, iterations } = await stack.store.readJson(layout.operations(name), Operations);
  // No deadline was missed early, and no request was refused for its date.
  expect(faults.latest).toEqual([]);
  const lasted = iterations.flatMap(({ seconds }) => Object.values(seconds));
  expect(lasted.length).toBeGreaterThan(5);
  for (const seconds of lasted) {
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(HOUR_SECONDS / 2);
  }
});
