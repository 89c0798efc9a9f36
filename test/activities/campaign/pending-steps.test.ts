import { describe, expect, it } from 'vitest';
import { errorSentence, pendingSteps, stepSentence } from '../../../activities/campaign/pending-steps.ts';

const now = Date.UTC(2026, 4, 4, 14, 20);
type Description = Parameters<typeof pendingSteps>[0][number];
type Pending = NonNullable<Description['raw']['pendingActivities']>[number];

/** As the server describes an open activity. */
const stepOf = (pending: object) => {
  const activity = {
    activityType: { name: 'executeCandidates' },
    activityOptions: { taskQueue: { name: 'ucoder-sandbox' } },
    attempt: 1,
    ...pending,
  } as Pending;
  const raw = { pendingActivities: [activity] } as Description['raw'];
  const [step] = pendingSteps([{ workflowId: 'campaign/x/iteration-1/p0003', raw }], now);
  if (!step) throw new Error('no step');
  return step;
};
const at = (seconds: number) => ({ seconds: now / 1000 + seconds });

describe('a pending step', () => {
  it('that failed says its attempt, when the next one is, and the last error', () => {
    const step = stepOf({
      ...{ state: 1, attempt: 4, scheduledTime: at(-60), nextAttemptScheduleTime: at(12) },
      lastFailure: { message: 'The Docker engine does not answer.\nat line 3' },
    });
    expect(step).toMatchObject({ attempt: 4, state: 'waiting', nextTryInSeconds: 12 });
    expect(stepSentence(step)).toBe(
      'executeCandidates of campaign/x/iteration-1/p0003 is tried again (attempt 4 in 12 s) after: The Docker engine does not answer.',
    );
  });

  it('whose worker died says so in words', () => {
    const failure = { message: 'activity Heartbeat timeout', timeoutFailureInfo: { timeoutType: 4 } };
    const step = stepOf({ state: 2, attempt: 2, lastFailure: failure });
    expect(stepSentence(step)).toContain('(attempt 2, running) after: its worker gave no sign of life');
  });

  it('that somebody paused in the Temporal UI says what to do', () => {
    expect(stepSentence(stepOf({ state: 4 }))).toContain('was paused by hand; unpause it in the Temporal UI');
  });

  it('that runs for the first time is no reason to wait', () => {
    expect(stepSentence(stepOf({ state: 2 }))).toBeUndefined();
  });
});

it('an error of many lines becomes one sentence of bounded length', () => {
  expect(errorSentence({ message: `${'x'.repeat(1000)}\nmore` })).toHaveLength(300);
  expect(errorSentence({ message: '' })).toBe('an error without a message');
  expect(errorSentence(undefined)).toBeNull();
});
