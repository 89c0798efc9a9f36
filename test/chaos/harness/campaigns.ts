/** Starts campaigns on the stack, waits for moments in them and for their end. */

import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { readCampaignFile } from '../../../cli/campaign/campaign-file.ts';
import { startCampaign } from '../../../cli/campaign/start-campaign.ts';
import type { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { layout } from '../../../core/layout.ts';
import { readEnvironment } from '../../../infra/environment.ts';
import { projectRoot } from '../../../infra/paths.ts';
import { waitUntil } from '../../../infra/stack/wait-until.ts';
import type { CampaignOutcome } from '../../../workflows/campaign.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import type { ChaosStack } from './chaos-stack.ts';

/** A busy machine is slow, not wrong. */
const TIMEOUT_MS = 240_000;

/** Names of one length, so that results differ in nothing else. */
export const newName = (): string => `chaos-${String(randomInt(1_000_000_000)).padStart(9, '0')}`;

/** `candidates` and `otherwise`: other settings than those of the file. */
export const start = async (
  stack: ChaosStack,
  name: string,
  candidates: Partial<CampaignConfig['candidates']> = {},
  otherwise: { review?: Partial<CampaignConfig['review']> } = {},
): Promise<void> => {
  const environment = readEnvironment(stack.environment);
  const file = await readCampaignFile(`${projectRoot}/test/chaos/campaign.yaml`, environment, name);
  const config = {
    ...file.config,
    candidates: { ...file.config.candidates, ...candidates },
    review: { ...file.config.review, ...otherwise.review },
  };
  await startCampaign({ ...file, config }, stack.client, stack.store, 'scripted');
};

/** The moments at which something of a campaign lies in the bucket. */
export const MOMENTS = {
  proposing: 'iterations/1/work/judge-calibration.json',
  judging: 'iterations/1/work/proposals/',
  solving: 'iterations/1/work/accepted.json',
  sampling: 'iterations/1/candidates/',
  executing: 'iterations/1/matrices/',
  training: 'iterations/1/work/training/',
  publishing: 'iterations/1/checkpoint/',
} as const;
export type Moment = keyof typeof MOMENTS;

export const until = async (stack: ChaosStack, name: string, moment: Moment): Promise<void> => {
  const prefix = layout.campaignPrefix(name) + MOMENTS[moment];
  const reached = await waitUntil(async () => (await stack.store.list(prefix)).length > 0, TIMEOUT_MS, {
    everyMs: 20,
  });
  if (!reached) throw new Error(`${name} was never ${moment}.`);
};

/** Waits for the end, whatever becomes of the connection meanwhile. Thrown: WorkflowFailedError. */
export const finished = async (stack: ChaosStack, name: string): Promise<CampaignOutcome> => {
  const deadline = performance.now() + TIMEOUT_MS;
  const handle = stack.client.workflow.getHandle(workflowIds.campaign(name));
  while (performance.now() < deadline) {
    try {
      return await Promise.race([handle.result(), timeout(deadline)]);
    } catch (thrown) {
      if (thrown instanceof WorkflowFailedError) throw thrown;
      await delay(200);
    }
  }
  throw new Error(`${name} did not end within ${TIMEOUT_MS / 1000} s:\n${await whatWaits(stack, name)}`);
};

/** Why a campaign failed: the messages of all causes. */
export const reasonsOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.message} ${reasonsOf(thrown.cause)}` : '';

/** Every open workflow of the campaign with its pending activities and their last failures. */
const whatWaits = async ({ client, workers }: ChaosStack, name: string): Promise<string> => {
  const lines: string[] = Object.entries(workers).map(
    ([queue, { isRunning }]) => `worker ${queue}: ${isRunning ? 'runs' : 'is down'}`,
  );
  const query = `ExecutionStatus = "Running" AND WorkflowId STARTS_WITH "${workflowIds.campaign(name)}"`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    lines.push(workflowId);
    const { pendingWorkflowTask: step } = raw;
    if (step) lines.push(`  a step of it, attempt ${step.attempt}`);
    for (const activity of raw.pendingActivities ?? []) {
      const failure = activity.lastFailure?.cause?.message ?? activity.lastFailure?.message ?? '';
      lines.push(`  ${activity.activityType?.name}, attempt ${activity.attempt}: ${failure}`);
    }
  }
  return lines.join('\n');
};

const timeout = (deadline: number): Promise<never> =>
  delay(deadline - performance.now(), undefined, { ref: false }).then(() => {
    throw new Error('too late');
  });
