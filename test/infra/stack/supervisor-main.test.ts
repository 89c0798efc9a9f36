/** The supervisor as a process: started by `up`, killed, started again; with stand-ins for Temporal and S3. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEnvironment } from '../../../infra/environment.ts';
import type { Paths } from '../../../infra/paths.ts';
import { awaitHealthy } from '../../../infra/stack/await-healthy.ts';
import { down } from '../../../infra/stack/down.ts';
import { restartModel, restModel } from '../../../infra/stack/model-rest.ts';
import { identify, processesMarked } from '../../../infra/stack/process-identity.ts';
import { ps } from '../../../infra/stack/ps.ts';
import { ensureS3Credentials } from '../../../infra/stack/s3-credentials.ts';
import { STACK_MARK } from '../../../infra/stack/service-process.ts';
import { s3SecretsFile } from '../../../infra/stack/services.ts';
import { writeStackFile } from '../../../infra/stack/stack-file.ts';
import { startSupervisor } from '../../../infra/stack/start-supervisor.ts';
import { listServices, restartService } from '../../../infra/stack/supervisor-client.ts';
import { findSupervisor } from '../../../infra/stack/supervisor-record.ts';
import { fakeProgram, temporaryState } from '../../support/fake-service.ts';
import { freePort, freeTemporalPort } from '../../support/ports.ts';

const SERVICES = ['temporal', 's3'] as const;

let paths: Paths;
let remove: () => Promise<void>;
let variables: Record<string, string>;

const prepare = async (name?: string) => {
  ({ paths, remove } = await temporaryState(name));
  const program = await fakeProgram(paths.run);
  variables = {
    UCODER_STATE: paths.state,
    UCODER_TEMPORAL_PORT: String(await freeTemporalPort()),
    UCODER_S3_PORT: String(await freePort()),
  };
  await ensureS3Credentials(s3SecretsFile(paths));
  await writeStackFile(paths, {
    installed: { temporal: program, s3: program },
    variables,
    services: [...SERVICES],
  });
};
beforeEach(() => prepare());
afterEach(() => remove());

const start = async () => {
  await startSupervisor(paths);
  await awaitHealthy(paths, SERVICES, { report: () => undefined });
};

/** Name to process id. */
const processes = async (): Promise<Record<string, number | null>> =>
  Object.fromEntries((await ps(readEnvironment(variables))).map(({ name, pid }) => [name, pid]));

/** Every process that runs the supervisor's program for this state folder. */
const supervisors = async (): Promise<number[]> => {
  const found: number[] = [];
  for (const { pid } of await processesMarked(STACK_MARK, paths.state)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('supervisor-main.ts')) found.push(pid);
  }
  return found;
};

const killSupervisor = async (): Promise<void> => {
  const living = await findSupervisor(paths);
  process.kill(living?.pid ?? 0, 'SIGKILL');
  await vi.waitFor(async () => expect(await findSupervisor(paths)).toBeUndefined());
};

describe('the supervisor process', { timeout: 120_000 }, () => {
  it('lets services live when it is killed, and the next one adopts them', async () => {
    await start();
    const before = await processes();
    expect(Object.keys(before)).toEqual(['supervisor', 'temporal', 's3']);
    await killSupervisor();
    const orphans = await ps(readEnvironment(variables));
    expect(orphans.map(({ name, pid, healthy }) => ({ name, pid, healthy }))).toEqual([
      { name: 'temporal', pid: before.temporal, healthy: true },
      { name: 's3', pid: before.s3, healthy: true },
    ]);
    await start();
    const after = await processes();
    expect(after).toMatchObject({ temporal: before.temporal, s3: before.s3 });
    expect(after.supervisor).not.toBe(before.supervisor);
  });

  it('starts what died while nobody watched', async () => {
    await start();
    const before = await processes();
    await killSupervisor();
    process.kill(before.s3 ?? 0, 'SIGKILL');
    await start();
    const after = await processes();
    expect(after.temporal).toBe(before.temporal);
    expect(after.s3).not.toBe(before.s3);
  });

  it('runs once for a state folder, however many ask at the same time', async () => {
    await Promise.all([start(), start(), start()]);
    const living = await findSupervisor(paths);
    expect(await supervisors()).toEqual([living?.pid]);
    await start();
    expect((await findSupervisor(paths))?.pid).toBe(living?.pid);
  });

  it('restarts a service on request', async () => {
    await start();
    const before = await processes();
    await restartService(paths, 's3');
    const after = await processes();
    expect(after.s3).not.toBe(before.s3);
    expect(after.temporal).toBe(before.temporal);
  });

  it('says early which port is taken and how to take another', async () => {
    const stranger = createServer().listen(Number(variables.UCODER_S3_PORT), '127.0.0.1');
    try {
      await expect(start()).rejects.toMatchObject({
        code: 'port-in-use',
        message: `Port ${variables.UCODER_S3_PORT}, which s3 needs, is held by process ${process.pid} (node). Stop it, or set UCODER_S3_PORT to a free port.`,
      });
    } finally {
      stranger.close();
    }
    // Asking again does not wait for the pause that the failure brought.
    await start();
  });

  it('says early that a service keeps dying, with its last words', async () => {
    const program = join(paths.run, 'dying');
    await writeFile(program, '#!/bin/sh\necho "database is locked"\nexit 3\n', { mode: 0o755 });
    await writeStackFile(paths, { installed: { temporal: program }, variables, services: ['temporal'] });
    await expect(start()).rejects.toMatchObject({
      code: 'service-unhealthy',
      message: expect.stringMatching(/temporal ended with code 3.*database is locked.*temporal\.log/s),
    });
  });

  it('lists a model server that a pause stopped, with the reason, and no longer once it is wanted again', async () => {
    const model = { name: 'model', role: 'model', pid: null, address: null, healthy: false };
    const listed = async () => (await ps(readEnvironment(variables))).filter(({ role }) => role === 'model');
    await start();
    expect(await listed()).toEqual([]);
    await restModel(paths, 'stopped while campaign nightly is paused');
    expect(await listed()).toEqual([{ ...model, resting: 'stopped while campaign nightly is paused' }]);
    await killSupervisor();
    expect(await listed()).toHaveLength(1);
    await start();
    // This stack has no such service, so that none starts; the mark is gone all the same.
    await expect(restartModel(paths)).rejects.toThrow('There is no service model');
    expect(await listed()).toEqual([]);
  });

  it('stops everything on SIGTERM', async () => {
    await start();
    const living = await findSupervisor(paths);
    process.kill(living?.pid ?? 0, 'SIGTERM');
    await vi.waitFor(async () => expect(await identify(living?.pid ?? 0)).toBeUndefined(), {
      timeout: 20_000,
    });
    expect(await processesMarked(STACK_MARK, paths.state)).toEqual([]);
    expect(await listServices(paths)).toBeUndefined();
  });

  it('leaves no process after down, even where the supervisor was killed before', async () => {
    await start();
    await killSupervisor();
    expect(await ps(readEnvironment(variables))).toHaveLength(2);
    await down(readEnvironment(variables));
    expect(await processesMarked(STACK_MARK, paths.state)).toEqual([]);
    expect(await ps(readEnvironment(variables))).toEqual([]);
  });

  it('works where the path of the state folder is too long for a socket', async () => {
    await remove();
    await prepare('a-long-name-'.repeat(15));
    await start();
    expect((await processes()).supervisor).toBeGreaterThan(0);
    expect((await findSupervisor(paths))?.socketPath.length).toBeLessThan(108);
  });
});
