/**
 * Brings up the services that integration tests use: Temporal, S3 and a Docker engine of this run's own, on free
 * ports, so that neither a running development stack nor the user's own services are touched.
 */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readEnvironment } from '../../infra/environment.ts';
import { withLock } from '../../infra/install/lock.ts';
import { PART_NAMES } from '../../infra/install/part.ts';
import { pathsFor, projectRoot } from '../../infra/paths.ts';
import { down } from '../../infra/stack/down.ts';
import { readS3Credentials } from '../../infra/stack/s3-credentials.ts';
import { s3SecretsFile } from '../../infra/stack/services.ts';
import { up } from '../../infra/stack/up.ts';
import { freePort, freeTemporalPort } from './ports.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Put into process.env of every test process by use-stack.ts. */
    variables: Record<string, string>;
  }
}

const SERVICES = ['temporal', 's3', 'docker-engine'] as const;

/** Another run in the same clone is waited for: both would use one state folder, which keeps the sandbox image. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const state = resolve(process.env.UCODER_TEST_STATE ?? join(projectRoot, '.ucoder', 'test'));
  return whileLocked(`${state}.lock`, async () => {
    const settings = {
      UCODER_STATE: state,
      UCODER_TEMPORAL_PORT: String(await freeTemporalPort()),
      UCODER_S3_PORT: String(await freePort()),
      UCODER_MODEL_PORT: String(await freePort()),
    };
    const { UCODER_CACHE, DOCKER_HOST } = process.env;
    const environment = readEnvironment({
      ...settings,
      ...(UCODER_CACHE ? { UCODER_CACHE } : {}),
      ...(DOCKER_HOST ? { DOCKER_HOST } : {}),
    });
    const paths = pathsFor(environment);
    await down(environment);
    // What an earlier run left; the engine's data stay, since making the image takes a minute.
    for (const folder of [
      join(paths.data, 'temporal'),
      join(paths.data, 's3'),
      paths.jobs,
      paths.served,
      paths.secrets,
    ]) {
      await rm(folder, { recursive: true, force: true });
    }
    try {
      const { temporal, s3, docker } = await up(environment, {
        only: { parts: PART_NAMES, services: SERVICES },
        report: ({ subject, activity }) => process.stderr.write(`  ${subject}: ${activity}\n`),
      });
      const credentials = await readS3Credentials(s3SecretsFile(paths));
      project.provide('variables', {
        ...settings,
        TEMPORAL_ADDRESS: temporal.address,
        AWS_ENDPOINT_URL_S3: s3.endpoint ?? '',
        AWS_REGION: s3.region ?? '',
        AWS_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? '',
        ...(docker.socketPath ? { DOCKER_HOST: `unix://${docker.socketPath}` } : {}),
      });
    } catch (thrown) {
      await down(environment);
      throw thrown;
    }
    return () => down(environment);
  });
}

/** Holds the lock from `open` until the function that this gives has run. */
const whileLocked = (file: string, open: () => Promise<() => Promise<void>>): Promise<() => Promise<void>> =>
  new Promise((resolveOpened, reject) => {
    const waiting = () => process.stderr.write('  waiting for another test run in this clone\n');
    const held = withLock(file, waiting, async () => {
      const close = await open();
      await new Promise<void>((release) => {
        resolveOpened(async () => {
          await close();
          release();
          await held;
        });
      });
    });
    held.catch(reject);
  });
