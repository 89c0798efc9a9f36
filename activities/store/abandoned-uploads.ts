/** Parts of uploads that a killed worker began lie in the bucket, and are paid for, until somebody aborts them. */
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';

/**
 * Aborts every unfinished upload of this key. One that still runs fails and is tried again; objects that are
 * complete are not touched.
 */
export const abortUploadsOf = async (client: S3Client, bucket: string, key: string): Promise<void> => {
  const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
  for (const { Key, UploadId } of Uploads ?? []) {
    if (Key !== key || !UploadId) continue;
    // Gone meanwhile: somebody else aborted it.
    await client
      .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }))
      .catch(() => undefined);
  }
};
