/**
 * kill -9 of every part, the orderly end of a deploy, and a process that sleeps and wakes. Numbers are those of
 * the table of faults in docs/reliability.md.
 */
import { rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OWNER_LABEL } from '../../activities/sandbox/container-template.ts';
import type { QueueName } from '../../workflows/task-queues.ts';
import { testDocker } from '../support/docker.ts';
import { finished, type Moment, newName, start, until } from './harness/campaigns.ts';
import { type ChaosStack, startChaosStack } from './harness/chaos-stack.ts';
import { type CampaignResult, checkInvariants, resultOf } from './harness/invariants.ts';

let stack: ChaosStack;
let reference: CampaignResult;

/** Requests of the activities that one fault may interrupt: at most eight, of which judging asks most. */
const IN_FLIGHT = 100;

beforeAll(async () => {
  stack = await startChaosStack();
  const name = newName();
  await start(stack, name);
  await finished(stack, name);
  reference = await resultOf(stack, name);
});
afterEach(() => stack.mend());
afterAll(() => stack?.stop());

/** A campaign that `disturb` breaks at `moment`, and what it comes to. */
const disturbed = async (
  moment: Moment,
  faults: number,
  disturb: (name: string) => Promise<void>,
): Promise<void> => {
  const name = newName();
  const { repeated } = await stack.model.asked();
  await start(stack, name);
  await until(stack, name, moment);
  await disturb(name);
  await finished(stack, name);
  await checkInvariants(stack, name, { reference, faults, repeatedRequests: repeated + IN_FLIGHT });
};

describe('fault 1: kill -9 of a worker', () => {
  const moments: [QueueName, Moment][] = [
    ['control', 'sampling'],
    ['model', 'sampling'],
    ['sandbox', 'sampling'],
    ['training', 'training'],
  ];
  it.each(moments)('%s', async (queue, moment) => {
    await disturbed(moment, 0, () => stack.workers[queue].restart());
  });

  it('leaves a record where an activity was in flight', async () => {
    await stack.model.slowDown(400);
    await disturbed('sampling', 1, async () => {
      await stack.workers.model.restart();
      await stack.model.slowDown(0);
    });
  });
});

it('fault 2: SIGTERM hands the work back, and the worker ends with code 0', async () => {
  await stack.model.slowDown(300);
  await disturbed('sampling', 0, async () => {
    for (const worker of Object.values(stack.workers)) {
      expect(await worker.end('SIGTERM')).toBe(0);
      await worker.start();
    }
    await stack.model.slowDown(0);
  });
});

it('fault 3: kill -9 of the Temporal server', async () => {
  await disturbed('sampling', 0, () => stack.killServer('temporal'));
  await stack.untilServersAnswer();
});

it('fault 5: kill -9 of the Docker engine', async () => {
  await disturbed('sampling', 0, () => stack.killServer('docker-engine'));
  await stack.untilServersAnswer();
});

it('fault 6: a container dies in the middle of its work', async () => {
  await disturbed('sampling', 0, async () => {
    const docker = testDocker();
    const found = await docker.listContainers({ filters: { label: [OWNER_LABEL] } });
    for (const { Id } of found)
      await docker
        .getContainer(Id)
        .kill()
        .catch(() => undefined);
  });
});

it('fault 8: kill -9 of the S3 server', async () => {
  await disturbed('sampling', 0, () => stack.killServer('s3'));
  await stack.untilServersAnswer();
});

it('fault 12: kill -9 of the model server', async () => {
  await stack.model.slowDown(200);
  await disturbed('sampling', 1, () => stack.model.process.restart());
});

it('fault 24: a worker that sleeps past its heartbeat and wakes up changes nothing', async () => {
  await stack.model.slowDown(500);
  await disturbed('sampling', 1, async (name) => {
    const zombie = stack.workers.model;
    zombie.signal('SIGSTOP');
    // The attempts that it held time out and are given to a worker that lives.
    const second = await stack.secondWorker('model');
    await stack.model.slowDown(0);
    await until(stack, name, 'executing');
    zombie.signal('SIGCONT');
    await finished(stack, name);
    await second.end('SIGTERM');
  });
});

it('fault 25: everything dies at once', async () => {
  await disturbed('sampling', 0, () => stack.killEverything());
});

describe('fault 15: training', () => {
  const survivable = ['dies', 'vanish', 'diverges'];
  it.each(survivable)('a trainer that %s once is started again', async (fault) => {
    await writeFile(stack.trainerPlan, `${fault}\n`);
    await disturbed('sampling', 0, async () => undefined);
  });

  const final: [string, RegExp][] = [
    ['out-of-memory', /does not fit into the memory/],
    ['no-checkpoint', /has no weights/],
  ];
  it.each(final)('%s ends the campaign with a reason, and nothing is published', async (fault, reason) => {
    const name = newName();
    await writeFile(stack.trainerPlan, `${fault}\n`.repeat(20));
    await start(stack, name);
    const failure = await finished(stack, name).catch((thrown: unknown) => thrown);
    expect(reasonOf(failure)).toMatch(reason);
    const prefix = `campaigns/${name}/iterations/1/checkpoint/`;
    expect((await stack.store.list(prefix)).filter(({ key }) => key.endsWith('manifest.json'))).toEqual([]);
    await rm(stack.trainerPlan, { force: true });
  });
});

it('fault 20: the same campaign started twice at once is one campaign', async () => {
  const name = newName();
  await Promise.all([start(stack, name), start(stack, name), start(stack, name)]);
  await finished(stack, name);
  await start(stack, name);
  const asked = await stack.model.asked();
  await checkInvariants(stack, name, { reference, faults: 0, repeatedRequests: asked.repeated });
});

const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.message} ${reasonOf(thrown.cause)}` : '';
