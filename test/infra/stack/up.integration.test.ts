/** `up` with the real Temporal and S3 servers, in a state folder of its own. */
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Environment, readEnvironment } from '../../../infra/environment.ts';
import { type Connections, resolveConnections } from '../../../infra/stack/connections.ts';
import { ps } from '../../../infra/stack/ps.ts';
import { SEARCH_ATTRIBUTES } from '../../../infra/stack/services.ts';
import { type UpOptions, up } from '../../../infra/stack/up.ts';
import { temporaryState } from '../../support/fake-service.ts';
import { freePort, freeTemporalPort } from '../../support/ports.ts';

const ONLY: UpOptions['only'] = { parts: ['temporal', 's3'], services: ['temporal', 's3'] };

let environment: Environment;
let connections: Connections;
let remove: () => Promise<void>;

beforeAll(async () => {
  const state = await temporaryState();
  remove = state.remove;
  const { UCODER_CACHE } = process.env;
  environment = readEnvironment({
    UCODER_STATE: state.paths.state,
    UCODER_TEMPORAL_PORT: String(await freeTemporalPort()),
    UCODER_S3_PORT: String(await freePort()),
    UCODER_MODEL_PORT: String(await freePort()),
    ...(UCODER_CACHE ? { UCODER_CACHE } : {}),
  });
  connections = await up(environment, { only: ONLY });
});
afterAll(() => remove());

const processes = async () =>
  (await ps(environment)).map(({ name, pid, healthy }) => ({ name, pid, healthy }));

describe('up', () => {
  it('brings up Temporal with our search attributes', async () => {
    const connection = await Connection.connect(connections.temporal.connectionOptions);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)),
    );
    await connection.close();
    expect((await fetch(connections.ui)).status).toBe(200);
  });

  it('brings up S3 with the bucket, for whoever has the generated credentials', async () => {
    const { external: _, credentials, ...settings } = structuredClone(connections.s3);
    const bucket = new HeadBucketCommand({ Bucket: environment.bucket });
    const ours = new S3Client({ ...settings, ...(credentials ? { credentials } : {}) });
    await ours.send(bucket);
    const stranger = new S3Client({
      ...settings,
      credentials: { accessKeyId: 'ucoder', secretAccessKey: 'guessed' },
    });
    await expect(stranger.send(bucket)).rejects.toThrow();
  });

  it('keeps what runs, and says where it is', async () => {
    const before = await processes();
    expect(before.every(({ healthy }) => healthy)).toBe(true);
    expect(await up(environment, { only: ONLY })).toEqual(connections);
    expect(await processes()).toEqual(before);
    expect(await resolveConnections(environment)).toEqual(connections);
  });
});
