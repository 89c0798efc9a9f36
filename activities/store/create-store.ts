/** The store behind resolved connection settings. */
import { S3Client } from '@aws-sdk/client-s3';
import { retryAfterClockJumps } from './clock-jumps.ts';
import { S3Store } from './s3-store.ts';

export type S3Connection = {
  /** Undefined: the AWS SDK finds it in its usual variables and files. */
  endpoint?: string;
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle?: boolean;
};

/** A server that says nothing for so long is as good as gone; completing an upload of gigabytes takes seconds. */
const SILENCE_MS = 60_000;
const CONNECT_MS = 10_000;

export const createStore = (
  { endpoint, region, credentials, forcePathStyle }: S3Connection,
  bucket: string,
): S3Store =>
  new S3Store(
    retryAfterClockJumps(
      new S3Client({
        ...(endpoint ? { endpoint } : {}),
        ...(region ? { region } : {}),
        ...(credentials ? { credentials } : {}),
        ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
        // What is read is held against its SHA-256 and read again; the SDK's own check would end in no typed error.
        responseChecksumValidation: 'WHEN_REQUIRED',
        // Temporal retries; a short series here rides out a dropped connection.
        maxAttempts: 3,
        // Without these the SDK waits for ever, and the activity with it, since it goes on heartbeating.
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
      }),
    ),
    bucket,
  );
