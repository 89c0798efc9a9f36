import Dockerode from 'dockerode';
import { describe, expect, it } from 'vitest';
import { ContainerPool } from '../../../activities/sandbox/container-pool.ts';

const WANTED = { image: 'image', memoryMb: 256 };

/** An engine that refuses connections so many times, and then has no image. */
const engine = (refusals: number) => {
  let asked = 0;
  const refuse = async () => {
    asked += 1;
    if (asked <= refusals) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return [];
  };
  const missing = async () => {
    throw Object.assign(new Error('no such image'), { statusCode: 404 });
  };
  const docker = Object.assign(new Dockerode(), { listContainers: refuse, createContainer: missing });
  const options = { docker, size: 1, cpus: 1, runtime: undefined, patienceMs: 600 };
  return { pool: new ContainerPool(options), asked: () => asked };
};

describe('the pool of containers', () => {
  it('waits for an engine that is down', async () => {
    const { pool, asked } = engine(3);
    await expect(pool.lease(WANTED)).rejects.toMatchObject({ code: 'sandbox-image-missing' });
    expect(asked()).toBe(4);
  });

  it('gives up after a while, with a failure that can be retried', async () => {
    const { pool, asked } = engine(Number.POSITIVE_INFINITY);
    await expect(pool.lease(WANTED)).rejects.toMatchObject({ code: 'engine-unavailable' });
    expect(asked()).toBeGreaterThan(1);
  });

  it('refuses leases once it is closed', async () => {
    const { pool } = engine(0);
    await pool.close();
    await expect(pool.lease(WANTED)).rejects.toMatchObject({ code: 'sandbox-failed' });
  });
});
