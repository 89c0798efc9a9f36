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
      throw toFailure(thrown);
    }
  }
}

/** Histories keep failures for ever: what is longer stands in the worker's log. */
const MAX_CHARACTERS = 2_000;

const shortened = (text: string): string =>
  text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;

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
