import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ReviewRequest } from '../../../core/steering/requests.ts';
import {
  pauseUpdate,
  progressQuery,
  reportQuery,
  resumeUpdate,
  reviewsQuery,
  reviewUpdate,
} from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

type Steered = Awaited<ReturnType<typeof startSteered>>;

const decide = ({ handle }: Steered, request: Partial<ReviewRequest>) =>
  handle.executeUpdate(reviewUpdate, { args: [request] });

/** Until all six selections, whose clusters hold half of the candidates, wait. */
const allWait = ({ handle }: Steered) =>
  vi.waitUntil(async () => (await handle.query(reviewsQuery)).waiting.length === 6, {
    timeout: 60_000,
    interval: 50,
  });

const doubtful = { when: 'low-consensus', threshold: 0.6 };

it('holds doubtful selections for a person, whose decisions reach the selections and the result', async () => {
  const c = await startSteered(environment, 'reviewed', 'gatherResults', { review: doubtful });
  c.open();
  const { records, audit } = await withWorkers(environment, c.activities, async () => {
    // None holds up another: two at once are solved, and six wait.
    await allWait(c);
    expect(c.count('gatherResults')).toBe(0);
    const iteration = environment.client.workflow.getHandle(workflowIds.iteration('reviewed', 1));
    expect((await iteration.query(progressQuery)).waitingFor).toContain('6 selections wait for a person');
    await decide(c, { problem: 'p1', decision: 'reject', by: 'ann', reason: 'counts words' });
    expect((await decide(c, { problem: 'p1', decision: 'reject', by: 'bob' })).message).toContain('already');
    await expect(decide(c, { problem: 'p1', decision: 'accept' })).rejects.toMatchObject({
      cause: { type: 'steering-refused' },
    });
    await expect(decide(c, { problem: 'p2', decision: 'replace', candidate: 'c0099' })).rejects.toMatchObject(
      { cause: { message: expect.stringContaining('no candidate c0099') } },
    );
    await decide(c, { problem: 'p2', decision: 'replace', candidate: 'c0002', by: 'ann' });
    for (const problem of ['p3', 'p4', 'p5', 'p6']) await decide(c, { problem, decision: 'accept' });
    await c.handle.result();
    return c.whole();
  });
  const gathered = c.calls.find(({ name }) => name === 'gatherResults')?.input.reviews;
  expect(gathered).toContainEqual({ problemId: 'p2', decision: 'replace', candidate: 'c0002', by: 'person' });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { consensus: 5, rejected: 1 } },
    review: { accepted: 4, rejected: 1, replaced: 1, byPerson: 6, byDefault: 0 },
  });
  expect(audit).toHaveLength(6);
  expect(audit[0]).toMatchObject({ what: 'review', by: 'ann', detail: 'p1: reject', reason: 'counts words' });
});

it('lets the default hold where nobody decides in time', async () => {
  const review = { ...doubtful, hours: 0.0005, otherwise: 'reject' };
  const c = await startSteered(environment, 'unattended', 'sketchInterface', { review });
  c.open();
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.handle.result();
    return c.whole();
  });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { rejected: 6 } },
    review: { rejected: 6, byPerson: 0, byDefault: 6 },
  });
});

it('asks a person once, also where the campaign fails and is started again', async () => {
  let fails = true;
  const c = await startSteered(
    environment,
    'asked-once',
    'sketchInterface',
    { review: doubtful },
    {
      onCall: (name) => {
        if (fails && name === 'publishDataset')
          throw ApplicationFailure.nonRetryable('no such bucket', 'store-refused');
      },
    },
  );
  c.open();
  const records = await withWorkers(environment, c.activities, async () => {
    await allWait(c);
    await decide(c, { problem: 'p1', decision: 'reject', by: 'ann' });
    await decide(c, { problem: 'p2', decision: 'replace', candidate: 'c0002', by: 'ann' });
    for (const problem of ['p3', 'p4', 'p5', 'p6']) await decide(c, { problem, decision: 'accept' });
    await expect(c.handle.result()).rejects.toThrow();
    fails = false;
    const again = await environment.client.workflow.start('campaign', {
      workflowId: workflowIds.campaign('asked-once'),
      taskQueue: TASK_QUEUES.control,
      args: [{ config: c.config, server: 'test' }],
    });
    await again.result();
    return (await environment.client.workflow.getHandle(again.workflowId).query(reportQuery)).records;
  });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { consensus: 5, rejected: 1 } },
    review: { accepted: 4, rejected: 1, replaced: 1, byPerson: 6, byDefault: 0 },
  });
  const gathered = c.calls.filter(({ name }) => name === 'gatherResults').map(({ input }) => input.reviews);
  expect(gathered).toHaveLength(2);
  const byProblem = (reviews: unknown) =>
    (reviews as { problemId: string }[]).toSorted((a, b) => (a.problemId < b.problemId ? -1 : 1));
  expect(byProblem(gathered[1])).toEqual(byProblem(gathered[0]));
});

it('lets deadlines stand still in a pause', async () => {
  const hours = 0.004;
  const review = { ...doubtful, hours, otherwise: 'reject' };
  const c = await startSteered(environment, 'held', 'gatherResults', { review });
  c.open();
  await withWorkers(environment, c.activities, async () => {
    const queue = () => c.handle.query(reviewsQuery);
    await vi.waitUntil(async () => (await queue()).waiting.length > 0, { timeout: 60_000, interval: 20 });
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    const held = await queue();
    expect(held.standsStill).toBe(true);
    const last = Math.max(...held.waiting.map(({ until }) => until));
    await vi.waitUntil(() => Date.now() > last + 2000, { timeout: 60_000 });
    const later = await queue();
    expect(later.decided).toEqual(held.decided);
    expect(later.waiting.length).toBeGreaterThanOrEqual(held.waiting.length);
    const problem = held.waiting[0]?.problemId ?? '';
    // A person may decide in a pause.
    await decide(c, { problem, decision: 'accept', by: 'ann' });
    await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    const resumed = await queue();
    expect(resumed.standsStill).toBe(false);
    for (const { until } of resumed.waiting) expect(until).toBeGreaterThan(Date.now());
    await c.handle.result();
    const { records } = await c.whole();
    const { byPerson = 0, byDefault = 0 } = records[1]?.work?.review ?? {};
    expect([byPerson, byPerson + byDefault]).toEqual([1, 6]);
  });
});

it('asks about so many at most, and lets the default hold for those beyond, which it counts', async () => {
  const review = { ...doubtful, most: 4, hours: 0.0005, otherwise: 'reject' };
  const c = await startSteered(environment, 'many', 'gatherResults', { review });
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    const iteration = environment.client.workflow.getHandle(workflowIds.iteration('many', 1));
    expect((await iteration.query(progressQuery)).note).toBe(
      '2 doubtful selections beyond 4 were not asked about (reject)',
    );
    c.open();
    await c.handle.result();
    return c.whole();
  });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { rejected: 6 } },
    review: { rejected: 4, byDefault: 4, unasked: 2 },
  });
  const gathered = c.calls.find(({ name }) => name === 'gatherResults')?.input;
  expect(gathered).toMatchObject({ unasked: true });
  expect(gathered?.reviews).toHaveLength(4);
});
