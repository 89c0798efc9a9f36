/** A campaign of a hundred iterations: what is carried from run to run stays small, and every record comes back whole. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { storeRecord } from '../../activities/campaign/iteration-records.ts';
import { createReportActivities } from '../../activities/campaign/report-activities.ts';
import { Standing } from '../../core/campaign/standing.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { layout } from '../../core/layout.ts';
import { archive, toArchive } from '../../core/report/iteration-brief.ts';
import type { IterationRecord } from '../../core/report/iteration-record.ts';
import type { Revisions } from '../../core/revisions.ts';
import { keptAudit } from '../../core/steering/audit.ts';
import { retryUpdate } from '../../workflows/messages.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { recordsOf, workWith } from '../core/report/records.ts';
import { weighAllRuns } from '../support/histories.ts';
import { testStore } from '../support/store.ts';
import { fakeActivities } from './fake-activities.ts';
import { startSteered } from './steering/start-steered.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const DONE = 97;
const topic = (index: number) => ({
  ...{
    domain: 'tool-usage' as const,
    topic: `a topic with a name as long as such names are, number ${index}`,
  },
  ...{
    difficulty: 0.123456,
    weight: 0.05,
    quota: 12,
    accepted: 11,
    measured: 10,
    decided: 9,
    agreement: 0.654321,
  },
});
/** With all that a record may hold. */
const recordOf = (n: number): IterationRecord => {
  const [, trained] = recordsOf();
  if (!trained) throw new Error('There are two records at least.');
  const curriculum = {
    ...{
      target: 0.5,
      measuredBefore: 900,
      judge: { slope: 0.1, trust: 0.2, pairs: 900 },
      weight: 1,
      quota: 240,
    },
    ...{
      accepted: 220,
      measured: 200,
      decided: 180,
      agreement: 0.5,
      expectedDifficulty: 0.4,
      topicCount: 60,
    },
    topics: Array.from({ length: 20 }, (_, index) => topic(index)),
  };
  return { ...trained, n, work: workWith({ from: { iteration: Math.max(1, n - 1) }, curriculum }) };
};
const Result = z.object({ iterations: z.array(z.object({ n: z.int(), work: z.unknown() })) });

it('goes on after ninety-seven iterations, and reports a hundred', async () => {
  const { store } = await testStore();
  const config = CampaignConfig.parse({
    ...{ name: 'hundredth', model: { base: 'base' }, problems: { count: 3, batch: 3 } },
    ...{ candidates: { count: 8, chunk: 8 }, iterations: { max: 100, patience: 100 } },
  });
  const [base] = recordsOf();
  if (!base) throw new Error('There is a record of the base.');
  const records = [base, ...Array.from({ length: DONE }, (_, index) => recordOf(index + 1))];
  const stored = toArchive(records).map(async (record) => {
    return { n: record.n, record: await storeRecord(store, 'hundredth', record) };
  });
  const standing = Standing.parse({
    ...{ config, ...archive({ records }, await Promise.all(stored)), rollback: null },
    ...{ heldout: { iteration: 1, questions: 4 }, droppedTokens: 0, workedMs: 1e9, sequence: 7 },
    ends: records.map(({ n }) => (n + 1) * 1e7),
  });
  const everything = { problems: 11, dataset: 11, training: 11, validation: 11, evaluation: 11 };
  const revisions: Revisions = Object.fromEntries(records.map(({ n }) => [n, everything]));
  const line = { at: '2026-05-04T14:20:00.000Z', what: 'pause', by: 'ann', reason: 'x'.repeat(200) };
  const audit = keptAudit(Array.from({ length: 100 }, () => line));
  const { activities } = fakeActivities({ consensus: () => true, passAt1: (n) => n / 1000 });
  const real = {
    ...activities,
    ...createReportActivities({ store }),
    askForServer: () => environment.client.workflow.getHandle('campaign/hundredth').signal('leaseGranted'),
  };
  await withWorkers(environment, real, async () => {
    const args = [{ config, server: 'test', audit, standing, revisions }];
    const workflowId = workflowIds.campaign('hundredth');
    await (
      await environment.client.workflow.start('campaign', {
        workflowId,
        taskQueue: TASK_QUEUES.control,
        args,
      })
    ).result();
  });
  const { iterations } = await store.readJson(layout.result('hundredth'), Result);
  expect(iterations.map(({ n }) => n)).toEqual(Array.from({ length: 101 }, (_, n) => n));
  expect(iterations[50]?.work).toMatchObject({ curriculum: recordOf(50).work?.curriculum });
  const runs = await weighAllRuns(environment.client, workflowIds.campaign('hundredth'));
  expect(runs).toHaveLength(4);
  console.info(`largest payloads: ${runs.map(({ largestPayload }) => largestPayload).join(', ')} bytes`);
  for (const { largestPayload } of runs) expect(largestPayload).toBeLessThanOrEqual(64 * 1024);
  const left = await store.readJson(layout.standing('hundredth'), Standing);
  expect(left.records.map(({ n }) => n)).toEqual([0, 100]);
  expect(left.archived).toHaveLength(99);
}, 300_000);

it('does an archived iteration again from its checkpoint, with its whole record', async () => {
  const c = await startSteered(environment, 'archived', 'startFineTune', {
    iterations: { max: 3, patience: 3 },
  });
  const { records } = await withWorkers(environment, c.activities, async () => {
    c.open();
    const third = () =>
      c.calls.some(({ name, input }) => name === 'sketchInterface' && input.iteration === 3);
    await vi.waitUntil(third, { timeout: 60_000, interval: 10 });
    const args: [object] = [{ from: 'validate', iteration: 1, by: 'ann' }];
    await c.handle.executeUpdate(retryUpdate, { args });
    await c.handle.result();
    return c.whole();
  });
  expect(c.calls.filter(({ name }) => name === 'readRecord').map(({ input }) => input.n)).toContain(1);
  expect(records.map(({ n, training }) => [n, training !== undefined])).toEqual([
    ...[
      [0, false],
      [1, true],
      [2, true],
      [3, true],
    ],
  ]);
  expect(records[1]).toMatchObject({
    work: { pairs: 6 },
    training: { loss: 0.5 },
    validation: { set: 'heldout' },
  });
  const trained = c.calls.filter(({ name }) => name === 'startFineTune').map(({ input }) => input.iteration);
  expect(trained).toEqual([1, 2, 2, 3]);
}, 120_000);
