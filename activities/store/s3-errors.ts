/** Tells our own faults (refused, missing) from the server's (unavailable), so that Temporal retries the right ones. */
import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, UcoderError } from '../../core/errors.ts';

const statusOf = (thrown: unknown): number | undefined =>
  thrown instanceof S3ServiceException ? thrown.$metadata.httpStatusCode : undefined;

/** 404 for an object (a missing bucket is a refusal). */
export const isMissing = (thrown: unknown): boolean =>
  thrown instanceof S3ServiceException &&
  (thrown.name === 'NoSuchKey' ||
    thrown.name === 'NotFound' ||
    (statusOf(thrown) === 404 && thrown.name !== 'NoSuchBucket' && !isAborted(thrown)));

/** Another attempt swept this one's upload away: the next try stores the object, or finds it. */
const isAborted = (thrown: unknown): boolean =>
  thrown instanceof S3ServiceException && thrown.name === 'NoSuchUpload';

/** Another writer was first: 412 after its object is complete, 409 while it is being completed. */
export const isTaken = (thrown: unknown): boolean => statusOf(thrown) === 412 || statusOf(thrown) === 409;

/** The client's own tries came to nothing, as while a clock jumps to and fro; a later one need not. */
const isRetryable = (thrown: unknown): boolean =>
  thrown instanceof S3ServiceException && thrown.$retryable !== undefined;

const errnoOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

/** Turns anything the SDK or the disk throws into a typed error; passes typed errors on. */
export const storeError = (thrown: unknown, action: string): unknown => {
  if (thrown instanceof UcoderError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return thrown;
  const cause = { cause: thrown };
  if (errnoOf(thrown) === 'ENOSPC')
    return new UcoderError('disk-full', `No space is left on the disk while trying to ${action}.`, cause);
  if (isMissing(thrown))
    return new UcoderError('object-missing', `There is no such object: could not ${action}.`, cause);
  const status = statusOf(thrown);
  if (
    status !== undefined &&
    status >= 400 &&
    status < 500 &&
    status !== 408 &&
    status !== 429 &&
    !isTaken(thrown) &&
    !isAborted(thrown) &&
    !isRetryable(thrown)
  ) {
    return new UcoderError(
      'store-refused',
      `The S3 server refused to ${action}: ${messageOf(thrown)} (HTTP ${status}).`,
      cause,
    );
  }
  return new UcoderError(
    'store-unavailable',
    `The S3 server did not ${action}: ${messageOf(thrown)}.`,
    cause,
  );
};
