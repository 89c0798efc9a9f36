import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import {
  pauseUpdate,
  progressQuery,
  reportQuery,
  resumeUpdate,
  retuneUpdate,
  rollbackUpdate,
  stopUpdate,
} from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { temporalExecutable } from '../../support/temporal.ts';
import { fakeActivities } from '../fake-activities.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

/** A campaign whose activity `at` waits, the first time it is called, until `open` is called. */
const start = async (name: string, at: string, settings: object = {}) => {
  const fakes = fakeActivities({ consensus: () => true, passAt1: (n) => 0.1 * n });
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const plain = fakes.activities[at as 'writeReport'] as (input: object) => Promise<undefined>;
  const activities = {
    ...fakes.activities,
    [at]: async (input: object) => {
      const answer = await plain(input);
      await gate;
      return answer;
    },
    askForServer: async () => {
      await environment.client.workflow.getHandle(workflowIds.campaign(name)).signal('leaseGranted');
    },
  };
  const config = CampaignConfig.parse({
    name,
    model: { base: 'base' },
    problems: { count: 6, batch: 3 },
    candidates: { count: 8, chunk: 4 },
    iterations: { max: 1 },
    concurrency: { problems: 2 },
    ...settings,
  });
  const started = await environment.client.workflow.start('campaign', {
    workflowId: workflowIds.campaign(name),
    taskQueue: TASK_QUEUES.control,
    args: [{ config, server: 'test' }],
  });
  const handle = environment.client.workflow.getHandle(started.workflowId);
  const count = (activity: string) => fakes.calls.filter((call) => call.name === activity).length;
  const reached = () => vi.waitUntil(() => count(at) > 0, { timeout: 60_000, interval: 20 });
  /** Until every problem that had begun has the campaign’s message: it goes from hand to hand. */
  const told = async () => {
    for (const { input } of fakes.calls.filter((call) => call.name === at)) {
      const id = workflowIds.problem(name, 1, String(input.problemId));
      const hasSignal = async () => {
        const { events } = await environment.client.workflow.getHandle(id).fetchHistory();
        return events?.some((event) => event.workflowExecutionSignaledEventAttributes) ?? false;
      };
      await vi.waitUntil(hasSignal, { timeout: 30_000, interval: 50 });
    }
  };
  return { handle, activities, open, count, reached, told, calls: fakes.calls };
};

it('pauses from the Temporal CLI, finishes what is in flight, is retuned, and goes on', async () => {
  const c = await start('paused', 'sketchInterface');
  const { audit, records } = await withWorkers(environment, c.activities, async () => {
    await vi.waitUntil(() => c.count('sketchInterface') === 2, { timeout: 60_000 });
    const { stdout } = await promisify(execFile)(await temporalExecutable(), [
      ...['workflow', 'update', 'execute', '--address', environment.address, '--name', 'pause'],
      ...['--workflow-id', 'campaign/paused', '--input', '{"by":"ann","reason":"the power is needed"}'],
      ...['--output', 'json'],
    ]);
    expect(stdout).toContain('paused');
    await c.told();
    c.open();
    // A second pause answers, and changes nothing.
    const again = await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'bob' }] });
    expect(again.message).toContain('by ann');
    await vi.waitUntil(async () => (await c.handle.query(progressQuery)).paused?.by === 'ann', {
      timeout: 30_000,
    });
    expect(c.count('writeTests')).toBe(0);
    const settings = { candidates: { count: 16 } };
    await c.handle.executeUpdate(retuneUpdate, { args: [{ settings, by: 'ann' }] });
    const unknown = { candidates: { cont: 16 } };
    await expect(
      c.handle.executeUpdate(retuneUpdate, { args: [{ settings: unknown }] }),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining('did you mean "count"') } });
    await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    await c.handle.result();
    return c.handle.query(reportQuery);
  });
  expect(audit.map(({ what, by }) => `${what} ${by}`)).toEqual(['pause ann', 'retune ann', 'resume ann']);
  // The two problems that had started keep 8 candidates; the other four take 16.
  expect(records[1]?.work?.candidates.sampled).toBe(2 * 8 + 4 * 16);
});

it('stops after the open problems, with a dataset and a report', async () => {
  const c = await start('stopped', 'sketchInterface');
  await withWorkers(environment, c.activities, async () => {
    await vi.waitUntil(() => c.count('sketchInterface') === 2, { timeout: 60_000 });
    const args: [{ after: 'problem'; by: string }] = [{ after: 'problem', by: 'ann' }];
    expect((await c.handle.executeUpdate(stopUpdate, { args })).state).toBe('stopping');
    await c.told();
    c.open();
    expect(await c.handle.result()).toMatchObject({ reason: 'Stopped by ann.' });
  });
  expect(c.count('selectCandidate')).toBe(2);
  expect(c.count('publishDataset')).toBe(1);
  expect(c.count('startFineTune')).toBe(0);
  expect(c.calls.at(-1)).toMatchObject({ name: 'writeReport', input: { ended: { stopped: true } } });
});

it('pauses when its tokens are spent, refuses to resume before the budget is raised', async () => {
  const c = await start('budget', 'prepareBenchmark', { budget: { tokens: 100 } });
  c.open();
  await withWorkers(environment, c.activities, async () => {
    await vi.waitUntil(async () => (await c.handle.query(progressQuery)).paused?.by === 'budget', {
      timeout: 60_000,
    });
    await expect(c.handle.executeUpdate(resumeUpdate, { args: [{}] })).rejects.toMatchObject({
      cause: { type: 'steering-refused' },
    });
    await c.handle.executeUpdate(retuneUpdate, { args: [{ settings: { budget: { tokens: 1_000_000 } } }] });
    await c.handle.executeUpdate(resumeUpdate, { args: [{}] });
    await c.handle.result();
  });
});

it('goes back to an earlier checkpoint and refuses one that is not there', async () => {
  const c = await start('rolled-back', 'sketchInterface', { iterations: { max: 2 } });
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    await expect(c.handle.executeUpdate(rollbackUpdate, { args: [{ to: 7 }] })).rejects.toMatchObject({
      cause: { type: 'steering-refused' },
    });
    await c.handle.executeUpdate(rollbackUpdate, { args: [{ to: 0, by: 'ann' }] });
    c.open();
    await c.handle.result();
    return c.handle.query(reportQuery);
  });
  expect(records[1]?.untrained).toContain('went back');
  expect(records[2]?.work?.from).toBe('base');
});
