import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  pauseUpdate,
  progressQuery,
  resumeUpdate,
  retuneUpdate,
  rollbackUpdate,
  stopUpdate,
} from '../../../workflows/messages.ts';
import { temporalExecutable } from '../../support/temporal.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const start = (name: string, at: string, settings: object = {}) =>
  startSteered(environment, name, at, settings);

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
    return c.whole();
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
    return c.whole();
  });
  expect(records[1]?.untrained).toContain('went back');
  expect(records[2]?.work?.from).toBe('base');
});
