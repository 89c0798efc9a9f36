/** Every request from Temporal’s command line as docs/steering.md has it, each twice: the second one changes nothing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Standing, standingOf } from '../../../core/campaign/standing.ts';
import { reportQuery, reviewsQuery } from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { temporalExecutable } from '../../support/temporal.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

/** What a campaign tells its report of where it stands. */
const Told = Standing.pick({ config: true, records: true, rollback: true }).extend({
  standing: Standing.omit({ config: true, records: true, rollback: true }).extend({ openFrom: z.int() }),
});

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

/** What it prints, refusals included. */
const ask = async (campaign: string, update: string, request: object): Promise<string> => {
  const input = JSON.stringify({ by: 'ann', ...request });
  const { stdout } = await promisify(execFile)(await temporalExecutable(), [
    ...['workflow', 'update', 'execute', '--address', environment.address, '--output', 'json'],
    ...['--workflow-id', workflowIds.campaign(campaign), '--name', update, '--input', input],
  ]);
  return stdout;
};

const TABLE: [update: string, request: object, first: string, again: string][] = [
  ['pause', { reason: 'the power is needed' }, 'Paused.', 'Paused already, by ann'],
  ['retune', { settings: { candidates: { count: 64 } } }, 'candidates.count 8 → 64', 'in force already'],
  ['retry', { from: 'problems' }, 'Iteration 1 is done again', 'done again already'],
  ['resume', {}, 'Goes on.', 'Nothing was paused.'],
  ['rollback', { to: 0 }, 'starts from the base model', 'Went back to iteration 0 already.'],
  ['stop', { after: 'problem' }, 'Stops;', 'Stops already, after: problem.'],
];

it('takes each request once', async () => {
  const c = await startSteered(environment, 'twice', 'sketchInterface', { iterations: { max: 2 } });
  await withWorkers(environment, c.activities, async () => {
    await c.reached();
    try {
      for (const [update, request, first, again] of TABLE) {
        if (update === 'rollback') {
          // Refused while the retry is about to begin, which takes the end of what is open.
          const begun = async () => (await c.whole()).revisions !== undefined;
          await vi.waitUntil(begun, { timeout: 60_000, interval: 50 });
        }
        if (update === 'stop') {
          // Before its next iteration has a problem at hand, it ends at once, and takes no second request.
          const atHand = () =>
            c.calls.some(({ name, input }) => name === 'sketchInterface' && input.iteration === 2);
          await vi.waitUntil(atHand, { timeout: 60_000, interval: 50 });
        }
        expect(await ask('twice', update, request), update).toContain(first);
        const { audit } = await c.whole();
        expect(await ask('twice', update, { ...request, by: 'bob' }), `${update} again`).toContain(again);
        expect((await c.whole()).audit, `${update} again`).toEqual(audit);
      }
    } finally {
      // Workers end with what they have at hand.
      c.open();
    }
    await c.handle.result();
    const { audit } = await c.whole();
    expect(audit.map(({ what, by }) => [what, by])).toEqual(TABLE.map(([update]) => [update, 'ann']));
    expect(audit.map(({ at }) => Number.isNaN(Date.parse(at)))).not.toContain(true);
  });
  expect(c.calls.at(-1)).toMatchObject({ name: 'writeReport', input: { ended: { stopped: true } } });
});

it('takes a decision about a selection once, and keeps who steered it where the campaign fails', async () => {
  let fails = true;
  const review = { when: 'sample', share: 1 };
  const c = await startSteered(
    environment,
    'decided-twice',
    'sketchInterface',
    { review },
    {
      onCall: (name) => {
        if (fails && name === 'publishDataset')
          throw ApplicationFailure.nonRetryable('no such bucket', 'store-refused');
      },
    },
  );
  c.open();
  const audit = await withWorkers(environment, c.activities, async () => {
    const waiting = async () => (await c.handle.query(reviewsQuery)).waiting.length;
    await vi.waitUntil(async () => (await waiting()) === 6, { timeout: 60_000, interval: 50 });
    const accept = { problem: 'p1', decision: 'accept', reason: 'right' };
    expect(await ask('decided-twice', 'review', accept)).toContain('p1: accept. 5 wait.');
    expect(await ask('decided-twice', 'review', { ...accept, by: 'bob' })).toContain('Decided already.');
    expect(await ask('decided-twice', 'stop', { after: 'iteration', reason: 'enough' })).toContain('Stops;');
    for (const problem of ['p2', 'p3', 'p4', 'p5', 'p6'])
      await ask('decided-twice', 'review', { problem, decision: 'reject', by: 'bob' });
    await expect(c.handle.result()).rejects.toThrow();
    const written = c.calls.findLast(({ name }) => name === 'writeReport')?.input;
    expect(written).toMatchObject({ failed: true, ended: null });
    fails = false;
    // As `ucoder start` reads it from operations.json.
    const told = Told.parse({ rollback: null, ...written });
    const standing = standingOf(told, told.standing);
    expect(standing.records.map(({ n }) => n)).toEqual([0]);
    const args = [{ config: standing.config, server: 'test', audit: written?.audit, standing }];
    const again = await environment.client.workflow.start('campaign', {
      ...{ workflowId: workflowIds.campaign('decided-twice'), taskQueue: TASK_QUEUES.control, args },
    });
    await again.result();
    return (await environment.client.workflow.getHandle(again.workflowId).query(reportQuery)).audit;
  });
  expect(audit.slice(0, 2)).toMatchObject([
    { what: 'review', by: 'ann', detail: 'p1: accept', reason: 'right' },
    { what: 'stop', by: 'ann', detail: 'after: iteration', reason: 'enough' },
  ]);
  expect(audit).toHaveLength(7);
});

it.each([
  ['now', 'proposeProblems'],
  ['now', 'awaitFineTune'],
  ['problem', 'proposeProblems'],
  ['iteration', 'sketchInterface'],
  ['iteration', 'awaitFineTune'],
])('stop after %s, at %s, leaves a report and the dataset of what there is', async (after, at) => {
  const name = `stopped-${after}-${at.toLowerCase()}`;
  const c = await startSteered(environment, name, at, { iterations: { max: 3 } });
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    expect(await ask(name, 'stop', { after })).toContain('stopping');
    c.open();
    await c.handle.result();
    return c.whole();
  });
  expect(c.calls.at(-1)).toMatchObject({ name: 'writeReport', input: { ended: { stopped: true } } });
  expect(c.count('publishDataset')).toBe(1);
  const isTrained = after === 'iteration';
  expect(records).toHaveLength(2);
  expect(records[1]?.training !== undefined).toBe(isTrained);
  expect(typeof records[1]?.untrained).toBe(isTrained ? 'undefined' : 'string');
  expect(records[1]?.validation !== undefined).toBe(isTrained);
});
