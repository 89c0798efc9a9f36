/** Classes do not survive the boundary of an activity: here a typed error becomes a failure whose `type` is its code. */

import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { messageOf, UcoderError } from '../core/errors.ts';

export class FailureInterceptor implements ActivityInboundCallsInterceptor {
  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    try {
      return await next(input);
    } catch (thrown) {
      throw bounded(toFailure(thrown));
    }
  }
}

/** Histories keep failures for ever, with all their causes. */
const MAX_CHARACTERS = 2_000;
const MAX_CAUSES = 3;
const MAX_CHARACTERS_OF_CAUSE = 500;
const MAX_FRAMES = 8;
const MAX_CHARACTERS_OF_FRAME = 200;

const shortened = (text: string, longest = MAX_CHARACTERS): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

/**
 * What leaves the worker, at most some 40 KiB: a server, a file or a library may put anything into a message, and a
 * stack begins with it. The error itself is cut, so that it stays what it is.
 */
export const bounded = (thrown: unknown, causes = 0): unknown => {
  const longest = causes === 0 ? MAX_CHARACTERS : MAX_CHARACTERS_OF_CAUSE;
  if (!(thrown instanceof Error)) return shortened(String(thrown), longest);
  const message = shortened(thrown.message, longest);
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  const shown = frames.slice(0, MAX_FRAMES).map((frame) => shortened(frame, MAX_CHARACTERS_OF_FRAME));
  const stack = [`${thrown.name}: ${message}`, ...shown].join('\n');
  Object.defineProperties(thrown, { message: cut(message), stack: cut(stack) });
  if (thrown.cause !== undefined) {
    const cause = causes < MAX_CAUSES ? bounded(thrown.cause, causes + 1) : undefined;
    Object.defineProperty(thrown, 'cause', cut(cause));
  }
  return thrown;
};

const cut = (value: unknown) => ({ value, writable: true, configurable: true, enumerable: false });

/** Temporal’s own failures pass; anything that is not typed is a fault of ours, retried in case it was the moment’s. */
export const toFailure = (thrown: unknown): unknown => {
  if (thrown instanceof ApplicationFailure || thrown instanceof CancelledFailure) return thrown;
  if (thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'CompleteAsyncError'))
    return thrown;
  const typed = isDiskFull(thrown)
    ? new UcoderError('disk-full', `${messageOf(thrown)}.`, { cause: thrown })
    : thrown;
  if (typed instanceof UcoderError) {
    return ApplicationFailure.create({
      type: typed.code,
      message: `${shortened(typed.message)} ${typed.advice}`,
      nonRetryable: !typed.retryable,
      ...(typed.cause instanceof Error ? { cause: typed.cause } : {}),
    });
  }
  return thrown;
};

/** Whatever an activity was writing: the error of the system names the path. */
const isDiskFull = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
