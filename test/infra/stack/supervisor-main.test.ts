/** The supervisor as a process: started by `up`, killed, started again; with stand-ins for Temporal and S3. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEnvironment } from '../../../infra/environment.ts';
import type { Paths } from '../../../infra/paths.ts';
import { awaitHealthy } from '../../../infra/stack/await-healthy.ts';
import { down } from '../../../infra/stack/down.ts';
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
    const marked = await processesMarked(STACK_MARK, paths.state);
    expect(marked).toHaveLength(2);
    await vi.waitFor(async () => expect((await findSupervisor(paths))?.pid).toBe(living?.pid));
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
    expect(await processesMarked(STACK_MARK, paths.state)).toHaveLength(2);
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
