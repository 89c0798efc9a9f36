import {
  ActivityFailure,
  ApplicationFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { problemFault } from '../../workflows/problem-fault.ts';

const failed = (cause: Error): ActivityFailure =>
  new ActivityFailure(
    'Activity task failed',
    'executeCandidates',
    '7',
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    'w',
    cause,
  );

describe('a fault of a step of a problem', () => {
  it('is its own where its programs or its objects are to blame', () => {
    const own = ApplicationFailure.nonRetryable('The container died.', 'sandbox-failed');
    expect(problemFault(failed(own))).toBe('executeCandidates: The container died.');
  });

  it('is its own where the step was lost as often as it may be, and must not hold up the others', () => {
    const lost = new TimeoutFailure('activity Heartbeat timeout', undefined, TimeoutType.HEARTBEAT);
    expect(problemFault(failed(lost))).toBe('executeCandidates: activity Heartbeat timeout');
  });

  it('is everybody’s where every problem would meet it', () => {
    for (const code of ['model-missing', 'store-refused', 'internal'])
      expect(problemFault(failed(ApplicationFailure.nonRetryable('no', code)))).toBeUndefined();
    expect(problemFault(new Error('a bug'))).toBeUndefined();
  });
});
