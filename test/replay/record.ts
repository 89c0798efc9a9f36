/**
 * `npm run record -- --label LABEL [SHAPE…]`: runs campaigns with activities that answer at once and keeps a history of
 * these shapes, or of every shape of every workflow, as SHAPE-LABEL.json. Histories are added under new labels, never
 * replaced: runs that were started with the code of then must go on, too.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { createLeaseActivities } from '../../activities/campaign/lease-activities.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import {
  pauseUpdate,
  reportQuery,
  resumeUpdate,
  retryUpdate,
  reviewsQuery,
  reviewUpdate,
} from '../../workflows/messages.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { fakeActivities } from '../workflows/fake-activities.ts';
import { startEnvironment, withWorkers } from '../workflows/workflow-environment.ts';

const FOLDER = fileURLToPath(new URL('./histories', import.meta.url));

const { activities } = fakeActivities({
  consensus: (_, problemId) => problemId !== 'p3',
  passAt1: (n) => [0.1, 0.4, 0.3][n] ?? 0,
  // Some activities have no input.
  onCall: (name, input) => {
    if (name === 'executeCandidates' && input.problemId === 'p2')
      throw ApplicationFailure.nonRetryable('the container died', 'sandbox-failed');
  },
});
/** Its selections wait for a person, who asks for the iteration again first. */
const reviewed = CampaignConfig.parse({
  ...{ name: 'recorded-again', model: { base: 'base' }, problems: { count: 3, batch: 3 } },
  ...{ candidates: { count: 8, chunk: 8 }, iterations: { max: 1 } },
  review: { when: 'low-consensus', threshold: 0.6 },
});
/** Its topics are planned first, and told of at the end. */
const planned = CampaignConfig.parse({
  ...{ name: 'recorded-curriculum', model: { base: 'base' } },
  problems: { count: 3, batch: 3, curriculum: {} },
  ...{ candidates: { count: 8, chunk: 8 }, iterations: { max: 1 } },
});
const config = CampaignConfig.parse({
  name: 'recorded',
  model: { base: 'base' },
  problems: { count: 6, batch: 3 },
  tests: { count: 5 },
  candidates: { count: 40, chunk: 4 },
  evaluation: [{ benchmark: 'humaneval', limit: 20 }],
  iterations: { max: 2, patience: 2 },
  concurrency: { problems: 2 },
});

/** Its first iteration is archived before a person asks for a part of it again, after many other words. */
const longer = CampaignConfig.parse({
  ...{ name: 'recorded-longer', model: { base: 'base' }, problems: { count: 3, batch: 3 } },
  ...{ candidates: { count: 8, chunk: 8 }, iterations: { max: 3, patience: 3 } },
});

/** Its candidates come in rounds. */
const adaptive = CampaignConfig.parse({
  ...{ name: 'recorded-adaptive', model: { base: 'base' }, problems: { count: 1, batch: 1 } },
  ...{ candidates: { count: 8, chunk: 2, adaptive: { first: 2 } }, iterations: { max: 1 } },
});

/** One history of each: which workflow, and what tells its shapes apart. */
const SHAPES: Record<string, string> = {
  'campaign-base': workflowIds.campaign('recorded'),
  'campaign-longer': workflowIds.campaign('recorded-longer'),
  'iteration-heldout': workflowIds.iteration('recorded', 1),
  'iteration-curriculum': workflowIds.iteration('recorded-curriculum', 1),
  'problem-consensus': workflowIds.problem('recorded', 1, 'p1'),
  'problem-failed': workflowIds.problem('recorded', 1, 'p2'),
  'problem-no-consensus': workflowIds.problem('recorded', 1, 'p3'),
  'problem-too-few-tests': workflowIds.problem('recorded', 1, 'p4'),
  'problem-adaptive': workflowIds.problem('recorded-adaptive', 1, 'p1'),
  'fine-tune': workflowIds.fineTune('recorded', 1),
  'evaluation-heldout': workflowIds.evaluation('recorded', 1, 'heldout'),
  'evaluation-humaneval': workflowIds.evaluation('recorded', 0, 'humaneval'),
  'server-lease': workflowIds.serverLease('recorded'),
  'campaign-again': workflowIds.campaign('recorded-again'),
  'iteration-reviewed': workflowIds.iteration('recorded-again', 1, { '1': { dataset: 1 } }),
};

/** All runs of a workflow, oldest first. */
const runsOf = async (client: Client, workflowId: string): Promise<string[]> => {
  const runs = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) runs.push(run);
  return runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime()).map(({ runId }) => runId);
};

/** Who recorded it, and where, is nobody's business; queues of workers are named after their machine. */
const withoutMachine = (history: string): string => {
  const values = JSON.parse(history, (key, value: unknown) => (key === 'stackTrace' ? '' : value));
  return `${JSON.stringify(values).replaceAll(hostname(), 'recorder')}\n`;
};

const { values, positionals } = parseArgs({
  options: { label: { type: 'string' } },
  allowPositionals: true,
});

/** Whether a shape is to be kept that this campaign makes. */
const isWanted = (campaign: string): boolean =>
  Object.entries(SHAPES).some(
    ([shape, workflowId]) =>
      (positionals.length === 0 || positionals.includes(shape)) && workflowId.split('/')[1] === campaign,
  );

const keep = async (client: Client, label: string): Promise<number> => {
  await mkdir(FOLDER, { recursive: true });
  let kept = 0;
  for (const [shape, workflowId] of Object.entries(SHAPES)) {
    if (positionals.length > 0 && !positionals.includes(shape)) continue;
    for (const [index, runId] of (await runsOf(client, workflowId)).entries()) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const run = index === 0 ? '' : `-run-${index + 1}`;
      const file = join(FOLDER, `${shape}-${label}${run}.json`);
      await writeFile(file, withoutMachine(historyToJSON(history)), { flag: 'wx' });
      kept += 1;
    }
  }
  return kept;
};

const reviewAndRetry = async (client: Client): Promise<void> => {
  const { name } = reviewed;
  const handle = await client.workflow.start('campaign', {
    workflowId: workflowIds.campaign(name),
    taskQueue: TASK_QUEUES.control,
    args: [{ config: reviewed, server: 'recorded-again' }],
  });
  /** The one problem with a consensus, once it waits in this run of the iteration. */
  const waiting = async (isRetried: boolean): Promise<string> => {
    for (;;) {
      const { revisions } = await handle.query(reportQuery);
      const [first] = (await handle.query(reviewsQuery)).waiting;
      if (first && (revisions !== undefined) === isRetried) return first.problemId;
      await sleep(100);
    }
  };
  await waiting(false);
  await handle.executeUpdate(retryUpdate, { args: [{ from: 'problems', by: 'recorder' }] });
  const problem = await waiting(true);
  const request = { problem, decision: 'replace' as const, candidate: 'c0002', by: 'recorder' };
  await handle.executeUpdate(reviewUpdate, { args: [request] });
  await handle.result();
};

const askOften = async (client: Client): Promise<void> => {
  const { name } = longer;
  const handle = await client.workflow.start('campaign', {
    workflowId: workflowIds.campaign(name),
    taskQueue: TASK_QUEUES.control,
    args: [{ config: longer, server: 'recorded-longer' }],
  });
  const isThird = async () => (await handle.query(reportQuery)).archived?.some(({ n }) => n === 1) ?? false;
  while (!(await isThird())) await sleep(20);
  for (let times = 0; times < 6; times += 1) {
    await handle.executeUpdate(pauseUpdate, { args: [{ by: 'recorder', reason: 'because '.repeat(60) }] });
    await handle.executeUpdate(resumeUpdate, { args: [{ by: 'recorder', reason: 'because '.repeat(60) }] });
  }
  await handle.executeUpdate(retryUpdate, { args: [{ from: 'validate', iteration: 1, by: 'recorder' }] });
  await handle.result();
};

const { label } = values;
if (label === undefined) throw new Error('A label is missing: npm run record -- --label LABEL [SHAPE…]');
const environment = await startEnvironment();
try {
  const { client } = environment;
  const tooFew = { usable: 1, dropped: { 'cannot run': 4 }, seconds: 0.01 };
  const recorded = {
    ...activities,
    ...createLeaseActivities({ client, taskQueue: TASK_QUEUES.control }),
    // After the second round a problem goes on in a new run.
    closeRound: async ({ rounds }: { rounds: number }) => ({
      stop: rounds === 3 ? 'leader-safe' : null,
      seconds: 0.01,
    }),
    checkTests: (i: { problemId: string }) => (i.problemId === 'p4' ? tooFew : activities.checkTests(i)),
  };
  const kept = await withWorkers(environment, recorded, async () => {
    for (const one of [config, planned, adaptive].filter(({ name }) => isWanted(name)))
      await client.workflow.execute('campaign', {
        workflowId: workflowIds.campaign(one.name),
        taskQueue: TASK_QUEUES.control,
        args: [{ config: one, server: one.name }],
      });
    if (isWanted(reviewed.name)) await reviewAndRetry(client);
    if (isWanted(longer.name)) await askOften(client);
    return keep(client, label);
  });
  process.stdout.write(`${kept} histories were added to test/replay/histories.\n`);
} finally {
  await environment.teardown();
}
