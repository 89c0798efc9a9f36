import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Paths } from '../../../infra/paths.ts';
import { groupMembers, identify } from '../../../infra/stack/process-identity.ts';
import type { Service, ServiceStatus } from '../../../infra/stack/service.ts';
import { Supervisor } from '../../../infra/stack/supervisor.ts';
import { fakeService, temporaryState } from '../../support/fake-service.ts';

// A busy machine is slow, not wrong.
const WAIT = { timeout: 60_000, interval: 20 };

let paths: Paths;
let remove: () => Promise<void>;
let table: Service[];
let supervisor: Supervisor;
let said: string[];

beforeEach(async () => {
  ({ paths, remove } = await temporaryState());
  said = [];
  table = [];
  supervisor = newSupervisor();
});
afterEach(async () => {
  await supervisor.stopAll();
  await remove();
});

const newSupervisor = () =>
  new Supervisor({
    context: { paths, variables: process.env },
    say: (line) => said.push(line),
    readTable: async () => table,
  });

const statusOf = (name: string): ServiceStatus => {
  const status = supervisor.statuses().find((service) => service.name === name);
  if (!status) throw new Error(`no service ${name}`);
  return status;
};

/** The process of a service, once it is healthy. */
const healthyProcess = (name: string, except?: number): Promise<number> =>
  vi.waitFor(() => {
    const { healthy, pid } = statusOf(name);
    if (!healthy || pid === null || pid === except) throw new Error(`${name} is not healthy`);
    return pid;
  }, WAIT);

describe('Supervisor', () => {
  it('starts a service after those that it needs', async () => {
    table = [await fakeService('upper', { dependsOn: ['lower'] }), await fakeService('lower')];
    await supervisor.apply();
    await healthyProcess('upper');
    expect(said.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'started lower',
      'started upper',
    ]);
  });

  it('starts a service again that was killed, and ends the children that it left', async () => {
    table = [await fakeService('a')];
    await supervisor.apply();
    const first = await healthyProcess('a');
    const leader = (await identify(first)) ?? { pid: 0, startTime: 0 };
    await vi.waitFor(async () => expect(await groupMembers(leader)).toHaveLength(2), WAIT);
    process.kill(first, 'SIGKILL');
    await healthyProcess('a', first);
    expect(await groupMembers(leader)).toEqual([]);
    expect(statusOf('a')).toMatchObject({ starts: 2, failures: 1, problem: null });
  });

  it('waits longer after each failure, and tells the last lines of the log', async () => {
    const command = [process.execPath, '-e', 'console.log("no such table: runs"); process.exit(3)'] as const;
    table = [await fakeService('a', { command })];
    await supervisor.apply();
    const started = performance.now();
    await vi.waitFor(() => expect(statusOf('a').failures).toBeGreaterThanOrEqual(3), WAIT);
    // Half a second, then a second.
    expect(performance.now() - started).toBeGreaterThan(1_400);
    expect(statusOf('a').problem?.code).toBe('service-unhealthy');
    expect(statusOf('a').problem?.message).toContain('a ended with code 3. Its last lines:');
    expect(statusOf('a').problem?.message).toContain('no such table: runs');
    expect(statusOf('a').problem?.message).toContain(statusOf('a').log);
  });

  it('restarts a service that never becomes ready', async () => {
    table = [await fakeService('a', { command: ['sleep', '100'], readyTimeoutMs: 200 })];
    await supervisor.apply();
    await vi.waitFor(() => expect(statusOf('a').problem?.message).toContain('was not ready'), WAIT);
  });

  it('restarts a service that hangs', async () => {
    table = [await fakeService('a', { unhealthyTimeoutMs: 500 })];
    await supervisor.apply();
    const first = await healthyProcess('a');
    process.kill(first, 'SIGSTOP');
    await vi.waitFor(() => expect(statusOf('a').failures).toBe(1), { ...WAIT, timeout: 40_000 });
    await healthyProcess('a', first);
  }, 60_000);

  it('says which process holds a port and how to take another, and starts once it is free', async () => {
    const service = await fakeService('a');
    const port = service.ports[0]?.port;
    const listen = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('ready'))`;
    const holder = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      table = [service];
      await supervisor.apply();
      await vi.waitFor(() => expect(statusOf('a').problem?.code).toBe('port-in-use'), WAIT);
      expect(statusOf('a').problem?.message).toBe(
        `Port ${port}, which a needs, is held by process ${holder.pid} (node). Stop it, or set UCODER_FAKE_PORT to a free port.`,
      );
    } finally {
      holder.kill('SIGKILL');
    }
    await healthyProcess('a');
  });

  it('tells of a command that does not exist', async () => {
    table = [await fakeService('a', { command: ['/nowhere/temporal'] })];
    await supervisor.apply();
    await vi.waitFor(() => expect(statusOf('a').problem?.message).toContain('a cannot be started'), WAIT);
  });

  it('leaves services to the next supervisor, which adopts them', async () => {
    table = [await fakeService('a'), await fakeService('b', { health: { kind: 'log', line: 'listening' } })];
    await supervisor.apply();
    const before = [await healthyProcess('a'), await healthyProcess('b')];
    await supervisor.leaveAll();
    supervisor = newSupervisor();
    await supervisor.apply();
    expect([await healthyProcess('a'), await healthyProcess('b')]).toEqual(before);
    expect(statusOf('a').starts).toBe(0);
  });

  it('restarts only what is out of date when the table changes, and stops what is no longer in it', async () => {
    const kept = await fakeService('kept');
    const changed = await fakeService('changed');
    table = [kept, changed, await fakeService('gone')];
    await supervisor.apply();
    const before = await Promise.all(['kept', 'changed', 'gone'].map((name) => healthyProcess(name)));
    table = [kept, { ...changed, environment: { COLOUR: 'blue' } }];
    await supervisor.apply();
    expect(await identify(before[2] ?? 0)).toBeUndefined();
    await healthyProcess('changed', before[1]);
    expect(await healthyProcess('kept')).toBe(before[0]);
    expect(supervisor.statuses().map(({ name }) => name)).toEqual(['kept', 'changed']);
  });

  it('restarts a service from the definition that holds now', async () => {
    const service = await fakeService('a');
    table = [service];
    await supervisor.apply();
    const first = await healthyProcess('a');
    const other = await fakeService('a');
    table = [other];
    await supervisor.restart('a');
    expect(await identify(first)).toBeUndefined();
    await healthyProcess('a');
    expect(statusOf('a').address).toBe(other.address);
    await expect(supervisor.restart('b')).rejects.toThrow('There is no service b. Services: a.');
  });

  it('stops one service for good, until it is asked for again', async () => {
    const service = await fakeService('a');
    table = [service, await fakeService('b')];
    await supervisor.apply();
    const [first, other] = [await healthyProcess('a'), await healthyProcess('b')];
    await supervisor.stop('a');
    await supervisor.stop('a');
    expect(await identify(first)).toBeUndefined();
    expect(supervisor.statuses().map(({ name }) => name)).toEqual(['b']);
    // The table leaves it out while it rests, and has it again when it is wanted.
    table = table.filter(({ name }) => name !== 'a');
    await supervisor.apply();
    expect(supervisor.statuses().map(({ name }) => name)).toEqual(['b']);
    table = [service, ...table];
    await supervisor.restart('a');
    await healthyProcess('a', first);
    expect(await healthyProcess('b')).toBe(other);
  });

  it('stops a service before those that it needs, with all children', async () => {
    table = [await fakeService('upper', { dependsOn: ['lower'] }), await fakeService('lower')];
    await supervisor.apply();
    const leaders = [];
    for (const name of ['upper', 'lower'])
      leaders.push((await identify(await healthyProcess(name))) ?? { pid: 0, startTime: 0 });
    await supervisor.stopAll();
    for (const leader of leaders) expect(await groupMembers(leader)).toEqual([]);
    expect(said.filter((line) => line.startsWith('stops')).map((line) => line.split(' ')[1])).toEqual([
      'upper',
      'lower',
    ]);
  });
});
