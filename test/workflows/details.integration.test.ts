/** What the Temporal UI alone tells of a campaign: each workflow’s details, and the search attributes. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { pauseUpdate, progressQuery, resumeUpdate } from '../../workflows/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { weighHistory } from '../support/histories.ts';
import { fakeActivities } from './fake-activities.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const NAME = 'shown';
const config = CampaignConfig.parse({
  name: NAME,
  model: { base: 'base' },
  problems: { count: 6, batch: 3 },
  candidates: { count: 8, chunk: 4 },
  evaluation: [{ benchmark: 'humaneval', limit: 20 }],
  iterations: { max: 1 },
  concurrency: { problems: 2 },
});

const detailsOf = async (workflowId: string): Promise<string> => {
  const answer = await environment.client.workflow
    .getHandle(workflowId)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return answer.currentDetails ?? '';
};

it('shows counts, time left and the last event on every page, and in the search attributes', async () => {
  const fakes = fakeActivities({ consensus: () => true, passAt1: (n) => 0.25 * n });
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let selected = 0;
  const activities = {
    ...fakes.activities,
    askForServer: async () => {
      await environment.client.workflow.getHandle(workflowIds.campaign(NAME)).signal('leaseGranted');
    },
    selectCandidate: async (input: { iteration: number; problemId: string }) => {
      selected += 1;
      if (selected > 3) await gate;
      return fakes.activities.selectCandidate(input);
    },
  };
  const [campaignId, iterationId] = [workflowIds.campaign(NAME), workflowIds.iteration(NAME, 1)];
  await withWorkers(environment, activities, async () => {
    const started = await environment.client.workflow.start('campaign', {
      ...{ workflowId: campaignId, taskQueue: TASK_QUEUES.control },
      args: [{ config, server: 'test' }],
    });
    const handle = environment.client.workflow.getHandle(started.workflowId);
    const halfWay = /stage problems, solve: 3 of 6\n- Time left: about \d+ s in this stage/;
    await vi.waitUntil(async () => halfWay.test(await detailsOf(campaignId)), { timeout: 60_000 });
    expect(await detailsOf(iterationId)).toMatch(
      /\*\*solve\*\*: 3 of 6 problems\n- Time left: about .*\n[\s\S]*- Ended: consensus 3\n[\s\S]*Last event: p\d: consensus/,
    );
    await handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann', reason: 'the power is needed' }] });
    expect(await detailsOf(campaignId)).toContain('**paused**: the power is needed (by ann)');
    await vi.waitUntil(async () => /^\*\*paused\*\*/.test(await detailsOf(iterationId)), { timeout: 30_000 });
    // Hours of a pause are no hours of work.
    const iteration = environment.client.workflow.getHandle(iterationId);
    const before = (await iteration.query(progressQuery)).msLeft ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    await vi.waitUntil(async () => /^\*\*solve\*\*/.test(await detailsOf(iterationId)), { timeout: 30_000 });
    expect((await iteration.query(progressQuery)).msLeft ?? 0).toBeLessThan(before + 1500);
    open();
    await started.result();
    expect(await detailsOf(campaignId)).toMatch(/^\*\*completed\*\*/);
    expect(await detailsOf(campaignId)).toMatch(/\| 1 +\| +6 \| +6 \| +6 \| +0\.500 \| +25\.0 % \|/);
    expect(await detailsOf(workflowIds.evaluation(NAME, 0, 'humaneval'))).toContain('20 of 20 questions');
    expect(await detailsOf(workflowIds.problem(NAME, 1, 'p1'))).toMatch(/^\*\*consensus\*\*/);
  });
  const { typedSearchAttributes } = await environment.client.workflow.getHandle(campaignId).describe();
  expect(typedSearchAttributes.get(searchAttributes.state)).toBe('completed');
  expect(typedSearchAttributes.get(searchAttributes.iteration)).toBe(1);
  expect(typedSearchAttributes.get(searchAttributes.bestPassAt1)).toBe(0.25);
  const { events } = await weighHistory(environment.client, iterationId);
  console.info(`${events} events in the iteration of 6 problems`);
});
