import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RetryRequest } from '../../../core/steering/requests.ts';
import { retryUpdate, retuneUpdate } from '../../../workflows/messages.ts';
import type { Call } from '../fake-activities.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

type Steered = Awaited<ReturnType<typeof startSteered>>;

const retry = ({ handle }: Steered, request: Partial<RetryRequest>) =>
  handle.executeUpdate(retryUpdate, { args: [request] });

/** Under which revision an activity’s results lay, call by call. */
const revisionsOf = (calls: readonly Call[], name: string) =>
  calls.filter((call) => call.name === name).map(({ input }) => input.revisions ?? {});

it('tries failed problems again, keeps what was stored, and refuses where nothing failed', async () => {
  let broken = true;
  const c = await startSteered(
    environment,
    'retried',
    'selectCandidate',
    {},
    {
      onCall: (name, { problemId }) => {
        if (broken && name === 'executeCandidates' && problemId === 'p2')
          throw ApplicationFailure.nonRetryable('the container died', 'sandbox-failed');
      },
    },
  );
  const { records, audit } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    const failed = () =>
      c.calls.some(({ name, input }) => name === 'executeCandidates' && input.problemId === 'p2');
    await vi.waitUntil(failed, { timeout: 30_000 });
    await expect(retry(c, { iteration: 4 })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('has not begun') },
    });
    await expect(retry(c, { from: 'train' })).rejects.toMatchObject({ cause: { type: 'steering-refused' } });
    broken = false;
    const told = async () =>
      (await retry(c, { by: 'ann', reason: 'the disk was full' }).catch(() => undefined)) !== undefined;
    await vi.waitUntil(told, { timeout: 30_000, interval: 100 });
    expect((await retry(c, { by: 'ann' })).message).toContain('already');
    c.open();
    await c.handle.result();
    return c.whole();
  });
  expect(records).toHaveLength(2);
  expect(records[1]?.work?.problems.outcomes).toEqual({ consensus: 6 });
  expect(audit).toMatchObject([{ what: 'retry', by: 'ann', detail: 'iteration 1 from failed' }]);
  // What problems stored is looked for where it lay; what is made of all of them lies elsewhere.
  const parts = { dataset: 1, training: 1, validation: 1, evaluation: 1 };
  expect(revisionsOf(c.calls, 'publishDataset').at(-1)).toEqual({ '1': parts });
});

it('tries failed problems again with the settings with which they started, whatever was retuned since', async () => {
  let broken = true;
  const c = await startSteered(
    environment,
    'retried-retuned',
    'publishDataset',
    {},
    {
      onCall: (name, { problemId }) => {
        if (broken && name === 'executeCandidates' && problemId === 'p2')
          throw ApplicationFailure.nonRetryable('the container died', 'sandbox-failed');
      },
    },
  );
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    const settings = { candidates: { count: 16 } };
    await c.handle.executeUpdate(retuneUpdate, { args: [{ settings, by: 'ann' }] });
    broken = false;
    const { message } = await retry(c, { by: 'ann' });
    expect(message).toContain('with the settings with which they started');
    c.open();
    await c.handle.result();
    return c.whole();
  });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { consensus: 6 } },
    candidates: { sampled: 6 * 8 },
  });
});

it('tries failed problems again by the plan with which their iteration began, a curriculum switched off or not', async () => {
  let broken = true;
  const c = await startSteered(
    environment,
    'retried-without-curriculum',
    'publishDataset',
    { problems: { count: 6, batch: 3, curriculum: { start: 0.4 } } },
    {
      onCall: (name, { problemId }) => {
        if (broken && name === 'executeCandidates' && problemId === 'p2')
          throw ApplicationFailure.nonRetryable('the container died', 'sandbox-failed');
      },
    },
  );
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    const settings = { problems: { curriculum: false } };
    await c.handle.executeUpdate(retuneUpdate, { args: [{ settings, by: 'ann' }] });
    broken = false;
    await retry(c, { by: 'ann' });
    c.open();
    await c.handle.result();
    return c.whole();
  });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { consensus: 6 } },
    curriculum: { target: 0.4 },
  });
  expect(
    new Set(c.calls.filter(({ name }) => name === 'gatherProblems').map(({ input }) => input.plan)),
  ).toEqual(new Set(['plan-1']));
});

it('trains again on the same dataset, and drops what came after', async () => {
  const c = await startSteered(environment, 'retrained', 'measureFit', { iterations: { max: 2 } });
  const { records, revisions } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    c.open();
    await vi.waitUntil(
      () => c.calls.some(({ name, input }) => name === 'sketchInterface' && input.iteration === 2),
      {
        timeout: 60_000,
      },
    );
    const answer = await retry(c, { from: 'train', iteration: 1, by: 'ann' });
    expect(answer.message).toContain('Iterations after it are dropped');
    await c.handle.result();
    return c.whole();
  });
  expect(records.map(({ n, training }) => [n, training !== undefined])).toEqual([
    [0, false],
    [1, true],
    [2, true],
  ]);
  expect(revisions).toMatchObject({ '1': { training: 1 }, '2': { problems: 1, training: 1 } });
  expect(revisions?.['1']).not.toHaveProperty('dataset');
  // Proposed once for iteration 1; iteration 2 begins anew from what was trained anew.
  expect(
    c.calls.filter(({ name, input }) => name === 'publishDataset' && input.iteration === 1),
  ).toHaveLength(1);
  expect(c.calls.filter(({ name, input }) => name === 'startFineTune' && input.iteration === 1)).toHaveLength(
    2,
  );
  expect(records[1]?.stages.train).toEqual({ tokens: 0, seconds: 1 });
});

it('does an iteration again from its start, its held-out problems and the base’s score included', async () => {
  const c = await startSteered(environment, 'redone', 'startFineTune');
  const { records, revisions } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    expect((await retry(c, { from: 'problems', by: 'ann' })).stage).toBe('train');
    c.open();
    await c.handle.result();
    return c.whole();
  });
  expect(revisions).toMatchObject({ '0': { validation: 1 }, '1': { problems: 1, dataset: 1 } });
  expect(records[0]?.validation).toBeDefined();
  expect(records[1]?.training).toBeDefined();
  expect(c.calls.filter(({ name }) => name === 'prepareHeldout')).toHaveLength(2);
});

it('measures again, and keeps the checkpoint', async () => {
  const c = await startSteered(environment, 'remeasured', 'scoreAnswers');
  const { records } = await withWorkers(environment, c.activities, async () => {
    // The base is scored first, then the trained model.
    c.open();
    await vi.waitUntil(
      () => c.calls.some(({ name, input }) => name === 'answerQuestions' && input.iteration === 1),
      {
        timeout: 60_000,
      },
    );
    const done = async () => (await retry(c, { from: 'validate' }).catch(() => undefined)) !== undefined;
    await vi.waitUntil(done, { timeout: 30_000, interval: 20 });
    await c.handle.result();
    return c.whole();
  });
  expect(c.count('startFineTune')).toBe(1);
  expect(records[1]?.validation?.score.passAt1).toBe(0.1);
});

it('keeps a problem decided whose winner could not be run a second time', async () => {
  const c = await startSteered(
    environment,
    'unchecked',
    'sketchInterface',
    {},
    {
      onCall: (name, { problemId }) => {
        if (name === 'recheckWinner' && problemId === 'p2')
          throw ApplicationFailure.nonRetryable('the container died', 'sandbox-failed');
      },
    },
  );
  c.open();
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.handle.result();
    return c.whole();
  });
  expect(records[1]?.work).toMatchObject({ uncheckedWinners: 1, problems: { outcomes: { consensus: 6 } } });
});
