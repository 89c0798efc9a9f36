/** The store behind resolved connection settings. */
import { S3Client } from '@aws-sdk/client-s3';
import { S3Store } from './s3-store.ts';

export type S3Connection = {
  /** Undefined: the AWS SDK finds it in its usual variables and files. */
  endpoint?: string;
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle?: boolean;
};

export const createStore = (
  { endpoint, region, credentials, forcePathStyle }: S3Connection,
  bucket: string,
): S3Store =>
  new S3Store(
    new S3Client({
      ...(endpoint ? { endpoint } : {}),
      ...(region ? { region } : {}),
      ...(credentials ? { credentials } : {}),
      ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
      // Temporal retries; a short series here rides out a dropped connection.
      maxAttempts: 3,
    }),
    bucket,
  );
