/** The bucket of all campaigns: made where it does not exist. */
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { messageOf, UcoderError } from '../../core/errors.ts';
import type { Connections } from './connections.ts';

/** Safe to repeat, and by several at once. */
export const ensureBucket = async (
  { external: _, ...settings }: Connections['s3'],
  bucket: string,
): Promise<void> => {
  // The SDK writes notes of its own into the credentials that it is given.
  const client = new S3Client(structuredClone(settings));
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket })).catch(() =>
      client.send(new CreateBucketCommand({ Bucket: bucket })).catch((thrown: Error) => {
        if (thrown.name !== 'BucketAlreadyOwnedByYou') throw thrown;
      }),
    );
  } catch (cause) {
    throw new UcoderError(
      'store-unavailable',
      `The bucket ${bucket} can neither be found nor made: ${messageOf(cause)}.`,
      { cause },
    );
  } finally {
    client.destroy();
  }
};
