/** Campaigns for steering tests: fake activities, one of which waits, so that a person comes in at a known moment. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { vi } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { reportQuery } from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { type FakePlan, fakeActivities } from '../fake-activities.ts';

/** A campaign whose activity `at` waits, the first time it is called, until `open` is called. */
export const startSteered = async (
  environment: TestWorkflowEnvironment,
  name: string,
  at: string,
  settings: object = {},
  plan: Partial<FakePlan> = {},
) => {
  const fakes = fakeActivities({ consensus: () => true, passAt1: (n) => 0.1 * n, ...plan });
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const plain = fakes.activities[at as 'askForServer'] as (input: object) => Promise<undefined>;
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
  /** As the report has it: archived records are in it. */
  const whole = async () => {
    const found = await handle.query(reportQuery);
    return { ...found, records: fakes.wholeRecords(found) };
  };
  const { calls, storedAudit } = fakes;
  return { config, handle, activities, open, count, reached, told, whole, calls, storedAudit };
};
