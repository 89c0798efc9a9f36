/** An iteration of 500 problems whose stages take no time: the product's workflows, queues and slots, and nothing else. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { type IterationCost, runIteration } from '../bench/scale/run-iteration.ts';
import { simulatedModel } from '../bench/scale/simulated-model.ts';
import { NONE, simulatedStages } from '../bench/scale/simulated-stages.ts';
import { leaks } from '../bench/scale/watch-memory.ts';
import { startEnvironment } from './workflow-environment.ts';

const PROBLEMS = 500;
const KIB = 1024;

let environment: TestWorkflowEnvironment;
let cost: IterationCost;
let config: CampaignConfig;

// A busy machine is slow, not wrong.
beforeAll(async () => {
  environment = await startEnvironment();
  config = CampaignConfig.parse({
    name: 'scale',
    model: { base: 'simulated' },
    problems: { count: PROBLEMS },
  });
  cost = await runIteration(environment, config, simulatedStages(config, simulatedModel(8), NONE));
  const { wallMs, cpuMs, runs, mostCached, memory } = cost;
  console.info(
    `${Math.round(wallMs / 1000)} s, of it ${Math.round(cpuMs / 1000)} s of processor in the workers; ` +
      `${runs.length} runs; ${mostCached} workflows cached; ` +
      `${Math.round(memory.early)} MiB early, ${Math.round(memory.late)} late`,
  );
}, 1_200_000);
afterAll(async () => environment?.teardown());

describe('an iteration of 500 problems', () => {
  it('starts and counts every problem once, across its runs', () => {
    expect(cost.runs.length).toBeGreaterThan(1);
    expect(cost.problems.count).toBe(PROBLEMS);
    expect(cost.made).toMatchObject({
      ...{ total: PROBLEMS, started: PROBLEMS, finished: PROBLEMS },
      ...{ open: [], page: [], outcomes: { consensus: PROBLEMS } },
      candidates: { sampled: PROBLEMS * config.candidates.count },
      tests: { written: PROBLEMS * config.tests.count },
    });
  });

  it('has no run above 4,096 events or 4 MiB', () => {
    for (const { events, bytes } of [...cost.runs, cost.problem]) {
      expect(events).toBeLessThanOrEqual(4096);
      expect(bytes).toBeLessThanOrEqual(4 * KIB * KIB);
    }
  });

  it('has no payload above 64 KiB', () => {
    for (const { largestPayload } of [...cost.runs, cost.problem]) {
      expect(largestPayload).toBeGreaterThan(0);
      expect(largestPayload).toBeLessThanOrEqual(64 * KIB);
    }
  });

  it('keeps each problem within 16 activities, 100 events and 64 KiB', () => {
    const activities = Object.values(cost.problem.activities).reduce((sum, count) => sum + count, 0);
    expect(activities).toBeLessThanOrEqual(16);
    expect(cost.problems.mostEvents).toBeLessThanOrEqual(100);
    expect(cost.problems.mostBytes).toBeLessThanOrEqual(64 * KIB);
  });

  it('adds at most 16 events and 8 KiB to the iteration for each problem', () => {
    const total = (of: 'events' | 'bytes') => cost.runs.reduce((sum, run) => sum + run[of], 0);
    expect(total('events') / PROBLEMS).toBeLessThanOrEqual(16);
    expect(total('bytes') / PROBLEMS).toBeLessThanOrEqual(8 * KIB);
  });

  it('holds no more in the workers’ memory at its end than at its start', () => {
    // The iteration, the window, and what has just ended.
    expect(cost.mostCached).toBeLessThanOrEqual(1 + 2 * config.concurrency.problems);
    expect(leaks(cost.memory, PROBLEMS), JSON.stringify(cost.memory)).toBe(false);
  });
});
