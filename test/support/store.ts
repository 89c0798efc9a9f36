/** The S3 server of the integration run (see global-setup), with a prefix of its own for each test file. */
import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { S3Store } from '../../activities/store/s3-store.ts';

export const testS3Client = (): S3Client => new S3Client({ forcePathStyle: true });

/** A store whose bucket exists. Keys of other tests are out of the way when they begin with `prefix`. */
export const testStore = async (): Promise<{ store: S3Store; client: S3Client; prefix: string }> => {
  const client = testS3Client();
  const store = new S3Store(client, 'ucoder-test');
  await store.ensureBucket();
  return { store, client, prefix: `test-${randomUUID()}` };
};
