/** Networks that hang and break, and servers that answer badly. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../support/scripted-model-server.ts';
import { finished, newName, start, until } from './harness/campaigns.ts';
import { type ChaosStack, startChaosStack } from './harness/chaos-stack.ts';
import { type CampaignResult, checkInvariants, resultOf } from './harness/invariants.ts';
import type { S3Fault } from './harness/s3-proxy.ts';

let stack: ChaosStack;
let reference: CampaignResult;
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

const check = async (name: string, faults: number, repeatedBefore: number): Promise<void> => {
  await finished(stack, name);
  await checkInvariants(stack, name, { reference, faults, repeatedRequests: repeatedBefore + IN_FLIGHT });
};

describe('faults 12, 13 and 14: the model server', () => {
  const kinds: Fault[] = [
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
  it('answers wrongly in nine ways, or hangs while it is healthy: it is asked again', async () => {
    const name = newName();
    const { repeated } = await stack.model.asked();
    await start(stack, name);
    await until(stack, name, 'proposing');
    await stack.model.spoil(kinds);
    await check(name, 1, repeated);
    expect((await stack.model.state()).faultsLeft).toBe(0);
  });

  it('is out of reach, then hangs, then comes back', async () => {
    const name = newName();
    const { repeated } = await stack.model.asked();
    await start(stack, name);
    await until(stack, name, 'proposing');
    for (const mode of ['cut', 'hang'] as const) {
      stack.proxies.model.set(mode);
      await stack.untilFaults(name, mode === 'cut' ? 1 : 2);
      stack.proxies.model.set('pass');
    }
    await check(name, 1, repeated);
  });
});

it('fault 4: Temporal is out of reach', async () => {
  const name = newName();
  const { repeated } = await stack.model.asked();
  await start(stack, name);
  await until(stack, name, 'sampling');
  stack.proxies.temporal.set('cut');
  const connections = stack.proxies.temporal.refusals();
  await stack.until(() => stack.proxies.temporal.refusals() > connections + 5, 'workers try to connect');
  stack.proxies.temporal.set('pass');
  await check(name, 0, repeated);
});

describe('faults 8, 9, 10 and 16: the bucket', () => {
  const kinds: S3Fault[] = ['unavailable', 'lost-reply', 'half-upload', 'full'];
  it.each(kinds)('%s for the first writes of every object', async (kind) => {
    const name = newName();
    const { repeated } = await stack.model.asked();
    await start(stack, name);
    const tries = new Map<string, number>();
    // More often than the client tries by itself, so that activities fail too; the rest goes through.
    stack.proxies.s3.state.plan = (method, path) => {
      if (method !== 'PUT' || path.includes('/faults/')) return undefined;
      const seen = (tries.get(path) ?? 0) + 1;
      tries.set(path, seen);
      return seen <= (kind === 'lost-reply' ? 1 : 2) ? kind : undefined;
    };
    await check(name, 0, repeated);
    expect(tries.size).toBeGreaterThan(20);
  });

  it('hangs, and answers again', async () => {
    const name = newName();
    const { repeated } = await stack.model.asked();
    await start(stack, name);
    await until(stack, name, 'sampling');
    let hung = 0;
    stack.proxies.s3.state.plan = () => {
      hung += 1;
      return 'hang';
    };
    await stack.until(() => hung >= 2, 'requests hang');
    stack.proxies.s3.state.plan = () => undefined;
    await check(name, 0, repeated);
  });
});
