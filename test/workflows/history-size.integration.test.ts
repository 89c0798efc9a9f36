/** What a problem and its iteration leave in Temporal: real model steps, a real sandbox, a real bucket. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelActivities } from '../../activities/model/model-activities.ts';
import { createModelClient } from '../../activities/model/model-client.ts';
import type { Executor } from '../../activities/sandbox/executor.ts';
import { createSandboxActivities } from '../../activities/sandbox/sandbox-activities.ts';
import { createSelectionActivities } from '../../activities/selection/selection-activities.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { layout } from '../../core/layout.ts';
import { summariseConsensus } from '../../core/selection/consensus-summary.ts';
import { loadPromptSet } from '../../infra/prompts/load-prompt-set.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { campaignScript } from '../support/campaign-script.ts';
import { testExecutor } from '../support/docker.ts';
import { type HistoryWeight, weighHistory } from '../support/histories.ts';
import { type ScriptedModelServer, startScriptedModelServer } from '../support/scripted-model-server.ts';
import { testStore } from '../support/store.ts';
import { fakeActivities } from './fake-activities.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

/** A program of 3 MB that agrees with the others. */
const LARGE = `\n    text = "${'a'.repeat(3 * 1024 * 1024)}"\n    return number * 2 if text else 0\n`;
const LIMIT = 64 * 1024;

let environment: TestWorkflowEnvironment;
let executor: Executor;
let server: ScriptedModelServer;
let problem: HistoryWeight;
let sizes: { chunks: number; largest: number };

beforeAll(async () => {
  environment = await startEnvironment();
  executor = await testExecutor();
  let asked = 0;
  server = await startScriptedModelServer({
    script: (question) => {
      const isCandidate = question.request.path.endsWith('/chat/completions');
      asked += isCandidate ? 1 : 0;
      return isCandidate && asked === 3 ? { text: LARGE } : campaignScript(question);
    },
  });
  const { store, prefix } = await testStore();
  const config = CampaignConfig.parse({
    name: prefix.slice(0, 60),
    model: { base: 'scripted', prompts: 'small' },
    problems: { count: 1, batch: 1 },
    tests: { count: 100 },
    candidates: { count: 128, chunk: 8 },
    selection: { signature: 'output' },
  });
  const context = { campaignId: config.name, iteration: 1, seed: 1, servedModel: 'scripted' };
  await store.putJson(layout.prompts(config.name), await loadPromptSet('small'));
  await store.putJson(layout.work({ campaignId: config.name }, 1, 'problems', 'p0001.json'), {
    id: 'p0001',
    domain: 'basic-algorithm',
    topic: 'doubles',
    functionName: 'double',
    signature: 'def double(number: int) -> int:',
    docstring: 'Return twice the number.',
  });
  const dependencies = { store, model: createModelClient({ url: server.url }) };
  const activities = {
    ...fakeActivities({ consensus: () => true, passAt1: () => 0.5 }).activities,
    ...createModelActivities(dependencies),
    ...createSandboxActivities({ store, executor }),
    ...createSelectionActivities({ store }),
    proposeProblems: async () => ({ proposed: 1, discarded: {}, tokens: 1, seconds: 0 }),
    judgeProblems: async () => ({
      accepted: 1,
      refined: 0,
      discarded: {},
      scores: [1],
      tokens: 1,
      seconds: 0,
    }),
    gatherProblems: async () => ({ accepted: 1, duplicates: 0, nearDuplicates: 0, contaminated: 0 }),
    acceptedPage: async () => ['p0001'],
    // Its input is what gatherResults would have stored.
    summariseConsensus: async () => summariseConsensus([]),
  };
  const workflowId = `campaign/${config.name}/iteration-1`;
  await withWorkers(environment, activities, async () => {
    await environment.client.workflow.execute('iteration', {
      workflowId,
      taskQueue: TASK_QUEUES.control,
      args: [{ context, config, heldoutIteration: null }],
    });
  });
  problem = await weighHistory(environment.client, `${workflowId}/p0001`);
  const stored = await store.list(`${layout.campaignPrefix(config.name)}iterations/1/candidates/`);
  sizes = { chunks: stored.length, largest: Math.max(...stored.map(({ size }) => size)) };
}, 300_000);
afterAll(async () => {
  await server?.close();
  await executor?.close();
  await environment?.teardown();
});

describe('the history of a problem with 128 candidates and 100 tests', () => {
  it('is of a problem whose sixteen chunks are stored, one with a program of 3 MB', () => {
    expect(sizes.chunks).toBe(16);
    expect(sizes.largest).toBeGreaterThan(3 * 1024 * 1024);
    expect(problem.activities.selectCandidate).toBe(1);
  });

  it('has at most 16 activities, 100 events and 64 KiB', () => {
    const activities = Object.values(problem.activities).reduce((sum, count) => sum + count, 0);
    console.info(`${activities} activities, ${problem.events} events, ${problem.bytes} bytes`);
    expect(activities).toBeLessThanOrEqual(16);
    expect(problem.events).toBeLessThanOrEqual(100);
    expect(problem.bytes).toBeLessThanOrEqual(LIMIT);
  });

  it('has no payload above 64 KiB', () => {
    console.info(`largest payload: ${problem.largestPayload} bytes`);
    expect(problem.largestPayload).toBeGreaterThan(0);
    expect(problem.largestPayload).toBeLessThanOrEqual(LIMIT);
  });
});
