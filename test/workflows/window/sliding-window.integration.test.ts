/** Faults 1, 19 and 21 of a window of problems: runs hand over again and again while the worker is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import type { IterationState } from '../../../workflows/iteration-state.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { type HistoryWeight, weighAllRuns } from '../../support/histories.ts';
import { startEnvironment } from '../workflow-environment.ts';

const PROBLEMS = 150;
const KILLS = 2;
const WORKER = fileURLToPath(new URL('./window-worker.ts', import.meta.url));
const ID = 'campaign/window/iteration-1';

let environment: TestWorkflowEnvironment;
let worker: ChildProcess;
let result: IterationState;
let runs: HistoryWeight[];
let children: number;

const startWorker = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--import', 'tsx', WORKER, environment.address, String(PROBLEMS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
};

const killWorker = async (): Promise<void> => {
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;
};

beforeAll(async () => {
  environment = await startEnvironment();
  worker = await startWorker();
  const { workflow } = environment.client;
  const config = CampaignConfig.parse({
    name: 'window',
    model: { base: 'base' },
    problems: { count: PROBLEMS, batch: 20 },
    concurrency: { problems: 12 },
  });
  const context = { campaignId: 'window', iteration: 1, seed: 1, servedModel: 'base' };
  const handle = await workflow.start('iteration', {
    workflowId: ID,
    taskQueue: TASK_QUEUES.control,
    // A worker that is killed leaves its sticky queue behind.
    workflowTaskTimeout: '2 seconds',
    args: [{ context, config, heldoutIteration: null }],
  });
  const runId = async () => (await workflow.getHandle(ID).describe()).runId;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = await runId();
    await vi.waitUntil(async () => (await runId()) !== before, { timeout: 60_000, interval: 2 });
    await killWorker();
    worker = await startWorker();
  }
  result = await handle.result();
  await killWorker();
  runs = await weighAllRuns(environment.client, ID);
  children = (await workflow.count('WorkflowType = "problem"')).count;
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await environment?.teardown();
});

it('counts every problem once, whatever was killed, doubled or late', () => {
  expect(result.finished).toBe(PROBLEMS);
  expect(result.open).toEqual([]);
  expect(result.outcomes).toEqual({ 'no-consensus': PROBLEMS / 3, consensus: (PROBLEMS * 2) / 3 });
  expect(result.candidates.sampled).toBe(PROBLEMS * 8);
  expect(result.stages.solve?.tokens).toBe(PROBLEMS * 10);
});

it('starts every problem once', () => {
  expect(children).toBe(PROBLEMS);
});

it('hands over before the history grows long, with small payloads', () => {
  console.info(
    `${runs.length} runs; the longest has ${Math.max(...runs.map(({ events }) => events))} events`,
  );
  expect(runs.length).toBeGreaterThan(KILLS);
  for (const { events, bytes, largestPayload } of runs) {
    // The limit of 200 and what was in flight: a window of 12.
    expect(events).toBeLessThan(400);
    expect(bytes).toBeLessThan(1024 * 1024);
    expect(largestPayload).toBeLessThan(64 * 1024);
  }
});

it('adds little to the iteration for each problem', () => {
  const events = runs.reduce((sum, run) => sum + run.events, 0) / PROBLEMS;
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0) / PROBLEMS;
  console.info(`${events.toFixed(1)} events and ${Math.round(bytes)} bytes a problem`);
  expect(events).toBeLessThan(20);
  expect(bytes).toBeLessThan(12 * 1024);
});
