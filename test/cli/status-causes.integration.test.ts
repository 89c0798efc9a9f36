/** More of "why is it waiting?": what a person, a disk and the model server's rest hold up, and names that are wrong. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type CampaignStatus, campaignStatus } from '../../cli/campaign/campaign-status.ts';
import { statusText } from '../../cli/campaign/status-text.ts';
import { toFailure } from '../../workers/failure-interceptor.ts';
import { pauseUpdate, resumeUpdate, reviewsQuery } from '../../workflows/messages.ts';
import { startSteered } from '../workflows/steering/start-steered.ts';
import { startEnvironment, withWorkers } from '../workflows/workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

/** The first status that waits for what is expected. */
const waits = (name: string, expected: RegExp): Promise<CampaignStatus> =>
  vi.waitFor(
    async () => {
      const status = await campaignStatus(environment.client, name);
      expect(status.waitingFor).toMatch(expected);
      return status;
    },
    { timeout: 60_000, interval: 200 },
  );

it('names a person who has not decided, and what to type', async () => {
  const c = await startSteered(environment, 'in-review', 'gatherResults', {
    review: { when: 'sample', share: 1 },
  });
  await withWorkers(environment, c.activities, async () => {
    // The iteration knows first, and tells its campaign of each.
    const allAsked = async () => (await c.handle.query(reviewsQuery)).waiting.length === 6;
    await vi.waitUntil(allAsked, { timeout: 60_000, interval: 50 });
    const status = await waits('in-review', /^6 selections wait for a person to decide; npx ucoder review$/);
    expect(status).toMatchObject({ state: 'running', stage: 'solve', done: 6, total: 6, reviews: 6 });
    expect(statusText(status)).toContain(
      'A person has not decided about 6 selections: npx ucoder review in-review\n',
    );
    await c.handle.terminate();
  });
}, 120_000);

it('names the disk that is full, and the file that did not fit', async () => {
  const c = await startSteered(environment, 'full-disk', 'publishDataset');
  const activities = {
    ...c.activities,
    publishDataset: async () => {
      const full = "ENOSPC: no space left on device, write '/var/jobs/train.jsonl'";
      throw toFailure(Object.assign(new Error(full), { code: 'ENOSPC' }));
    },
  };
  await withWorkers(environment, activities, async () => {
    await waits(
      'full-disk',
      /^publishDataset of campaign\/full-disk.* is tried again \(attempt \d+.*\) after: ENOSPC: no space left on device, write '\/var\/jobs\/train\.jsonl'\. Free space on the disk named in the message\.$/,
    );
    await c.handle.terminate();
  });
}, 120_000);

it('says that the model server comes back after a pause, whatever stage waits for it', async () => {
  const c = await startSteered(environment, 'waking', 'sketchInterface', { serving: { mode: 'managed' } });
  let wake = () => {};
  const isAwake = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const activities = { ...c.activities, wakeModelServer: () => isAwake };
  await withWorkers(environment, activities, async () => {
    await c.reached();
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    await c.told();
    c.open();
    await vi.waitUntil(() => c.count('restModelServer') === 1, { timeout: 60_000, interval: 50 });
    await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    const status = await waits('waking', /^the model server loads its checkpoint again$/);
    expect(status).toMatchObject({ state: 'running', stage: 'solve' });
    wake();
    await c.handle.result();
    expect(await campaignStatus(environment.client, 'waking')).toMatchObject({
      ...{ state: 'completed', waitingFor: null },
    });
  });
}, 120_000);

it('knows a campaign that never was', async () => {
  await expect(campaignStatus(environment.client, 'nobody')).rejects.toMatchObject({
    ...{ code: 'campaign-unknown', message: 'There is no campaign nobody.' },
  });
});
