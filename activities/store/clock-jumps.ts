/**
 * A request is signed with its time, and a server refuses one that is far from its own. The SDK keeps its clock by the
 * server's answers and tries again what was refused for its time, with two faults that this mends. Where the clock has
 * just been put right, nothing is left to correct, and a look-up, whose refusal has no body that tells why, fails. Where
 * the clock is wrong, it takes every answer for such a refusal: an object that is not there is asked for three times,
 * which spends its allowance of retries.
 */
import { type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** Servers allow 15 minutes; from 4 on the SDK, too, takes a clock for wrong. */
const SKEW_MS = 4 * 60_000;

/** Lets the client try again what was signed at another time than its server's, and nothing else for that reason. */
export const retryAfterClockJumps = (client: S3Client): S3Client => {
  const aroundSigning =
    <Request, Answer>(next: (request: Request) => Promise<Answer>) =>
    async (request: Request): Promise<Answer> => {
      const signedAt = Date.now() + client.config.systemClockOffset;
      try {
        return await next(request);
      } catch (thrown) {
        if (thrown instanceof S3ServiceException) {
          Reflect.deleteProperty(thrown.$metadata, 'clockSkewCorrected');
          if (isRefusedForItsTime(thrown, signedAt)) thrown.$retryable = {};
        }
        throw thrown;
      }
    };
  client.middlewareStack.addRelativeTo(aroundSigning, {
    name: 'retryAfterClockJumps',
    relation: 'before',
    toMiddleware: 'httpSigningMiddleware',
  });
  return client;
};

const isRefusedForItsTime = ({ $metadata, $response }: S3ServiceException, signedAt: number): boolean => {
  const answered = Date.parse($response?.headers.date ?? '');
  return $metadata.httpStatusCode === 403 && Math.abs(answered - signedAt) >= SKEW_MS;
};
