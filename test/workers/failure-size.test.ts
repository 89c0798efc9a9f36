/** A failure lies in the history for ever, whatever a server, a file or a library put into it. */
import { ApplicationFailure, DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UcoderError } from '../../core/errors.ts';
import { bounded, toFailure } from '../../workers/failure-interceptor.ts';

const LIMIT = 64 * 1024;
const MEGABYTE = '中'.repeat(1024 * 1024);

/** What the worker sends, in bytes. */
const sizeOf = (thrown: unknown): number => {
  const failure = new DefaultFailureConverter().errorToFailure(
    bounded(toFailure(thrown)),
    defaultPayloadConverter,
  );
  return Buffer.byteLength(JSON.stringify(failure));
};

const chain = (length: number, message: string): Error =>
  new Error(message, length > 0 ? { cause: chain(length - 1, message) } : {});

it.each<[string, unknown]>([
  ['a typed error', new UcoderError('model-refused', MEGABYTE)],
  [
    'a typed error with the server’s own as its cause',
    new UcoderError('store-refused', 'no', { cause: new Error(MEGABYTE) }),
  ],
  ['an error of a library', new SyntaxError(MEGABYTE)],
  ['fifty causes', new UcoderError('internal', 'no', { cause: chain(50, 'x'.repeat(50_000)) })],
  ['a failure of Temporal’s own kind', ApplicationFailure.nonRetryable(MEGABYTE, 'sandbox-failed')],
  ['a text', MEGABYTE],
  ['a cause that is a text', new Error('no', { cause: MEGABYTE })],
  ['nothing at all', undefined],
])('%s is sent with less than 64 KiB', (_, thrown) => {
  const size = sizeOf(thrown);
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThan(LIMIT);
});

it('of any length and depth', () => {
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.nat(200_000),
      fc.constantFrom('x', '中', '    at 中\n', '\n', '    at x\n', '"'),
      (depth, length, unit) => {
        expect(sizeOf(chain(depth, unit.repeat(length / unit.length)))).toBeLessThan(LIMIT);
      },
    ),
    { numRuns: 30 },
  );
});

it('keeps code, class and the beginning of what was said', () => {
  const cause = new RangeError(`too long: ${MEGABYTE}`);
  const failure = bounded(toFailure(new UcoderError('store-refused', 'The bucket said no.', { cause })));
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: 'store-refused',
    message: expect.stringContaining('said no'),
    cause,
  });
  expect(cause.message).toMatch(/^too long: 中/);
  expect(cause.stack).toMatch(/\n {4}at /);
});
