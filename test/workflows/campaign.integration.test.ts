import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import type { CampaignOutcome } from '../../workflows/campaign.ts';
import { progressQuery, reportQuery } from '../../workflows/messages.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { type Call, type FakePlan, fakeActivities } from './fake-activities.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const configOf = (name: string, iterations: object = {}): CampaignConfig =>
  CampaignConfig.parse({
    name,
    model: { base: 'base' },
    problems: { count: 6, batch: 3 },
    tests: { count: 5 },
    candidates: { count: 8, chunk: 4 },
    evaluation: [{ benchmark: 'humaneval', limit: 20 }],
    iterations: { max: 2, patience: 2, ...iterations },
    concurrency: { problems: 2 },
  });

const run = async (config: CampaignConfig, plan: FakePlan) => {
  const { activities, calls, wholeRecords } = fakeActivities(plan);
  // The lease’s answer comes as a signal, as from the real lease.
  activities.askForServer = async () => {
    await environment.client.workflow.getHandle(workflowIds.campaign(config.name)).signal('leaseGranted');
    return undefined;
  };
  return withWorkers(environment, activities, async () => {
    const handle = await environment.client.workflow.start('campaign', {
      workflowId: workflowIds.campaign(config.name),
      taskQueue: TASK_QUEUES.control,
      args: [{ config, server: 'test' }],
    });
    const outcome: CampaignOutcome = await handle.result();
    const report = await handle.query(reportQuery);
    return {
      outcome,
      calls,
      report: { ...report, records: wholeRecords(report) },
      progress: await handle.query(progressQuery),
    };
  });
};

const named = (calls: readonly Call[], name: string) => calls.filter((call) => call.name === name);

describe('campaign', () => {
  it('lints candidates only where a setting of the selection asks for it, and summarises its consensus', async () => {
    const plan = { consensus: () => true, passAt1: () => 0.1 };
    const plain = await run(configOf('no-lint', { max: 1 }), plan);
    expect(named(plain.calls, 'lintCandidates')).toEqual([]);
    expect(plain.report.records[1]?.work?.consensus).toMatchObject({ problems: 0 });
    const config = configOf('lint', { max: 1 });
    const linting = { ...config, selection: { ...config.selection, tieBreakers: ['lint' as const] } };
    const { calls } = await run(linting, plan);
    expect(named(calls, 'lintCandidates')).toHaveLength(named(calls, 'selectCandidate').length);
  });

  it('checks winners once more, and where they cheat ends before it trains, if it is told to', async () => {
    const plan = { consensus: () => true, passAt1: () => 0.1, unstableWinners: true };
    const warned = await run(configOf('watched', { max: 1 }), plan);
    expect(named(warned.calls, 'recheckWinner')).toHaveLength(named(warned.calls, 'selectCandidate').length);
    expect(warned.report.records[1]?.work?.hacking?.['unstable-winner']).toBeGreaterThan(0);
    expect(warned.report.records[1]?.training).toBeDefined();
    const strict = { ...configOf('watched-strictly'), watch: { hackingShare: 0.02, stop: true } };
    const { outcome, report } = await run(strict, plan);
    expect(outcome.reason).toContain('Stopped by watch');
    expect(report.records).toHaveLength(2);
    expect(report.records[1]).toMatchObject({ untrained: expect.stringContaining('watch') });
    expect(report.audit).toMatchObject([{ what: 'stop', by: 'watch' }]);
  });

  it('measures the base, trains in every iteration and ends on the best checkpoint', async () => {
    const { outcome, calls, report, progress } = await run(configOf('rises'), {
      consensus: () => true,
      passAt1: (n) => [0.1, 0.4, 0.3][n] ?? 0,
    });
    expect(outcome.best).toEqual({ n: 1, passAt1: 0.4 });
    expect(report.records.map((record) => record.validation?.score.passAt1)).toEqual([0.1, 0.4, 0.3]);
    expect(report.records[1]?.work).toMatchObject({
      pairs: 6,
      problems: { accepted: 6, outcomes: { consensus: 6 } },
    });
    // Every stage that worked says for how long.
    expect(Object.keys(report.records[1]?.stages ?? {}).sort()).toEqual([
      ...[
        'check-tests',
        'consolidate',
        'diversity',
        'evaluation',
        'execute',
        'fit',
        'gather',
        'hold out',
        'judge',
        'propose',
        'publish',
        'select',
        'serve',
      ],
      ...['sketch', 'solve', 'test', 'train', 'trees', 'validation'],
    ]);
    expect(report.records[1]?.training).toMatchObject({ loss: 0.5, fit: { before: -1, after: -0.5 } });
    expect(progress.stage).toBe('completed');
    const served = named(calls, 'serveCheckpoint').map((call) => call.input.from);
    expect(served).toEqual([
      'base',
      'base',
      { iteration: 1 },
      { iteration: 1 },
      { iteration: 2 },
      { iteration: 1 },
    ]);
  }, 60_000);

  it('holds problems out once, before anything is trained, and scores the base on them', async () => {
    const { calls } = await run(configOf('heldout'), { consensus: () => true, passAt1: () => 0.5 });
    expect(named(calls, 'prepareHeldout')).toHaveLength(1);
    const scored = named(calls, 'scoreAnswers').filter((call) => call.input.set === 'heldout');
    expect(scored.map((call) => [call.input.iteration, call.input.questionsIteration])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    const order = calls.map((call) => call.name);
    expect(order.indexOf('prepareHeldout')).toBeLessThan(order.indexOf('startFineTune'));
  }, 60_000);

  it('counts the answers to a benchmark once where it is both validated and reported', async () => {
    const config = configOf('same-benchmark', { max: 1 });
    const { report } = await run(
      { ...config, validation: { ...config.validation, source: 'humaneval', limit: 20 } },
      { consensus: () => true, passAt1: () => 0.5 },
    );
    for (const { stages, validation, evaluation } of report.records) {
      // Two chunks of 5 tokens each.
      expect(stages.validation?.tokens).toBe(10);
      expect(stages.evaluation).toBeUndefined();
      expect([validation?.set, evaluation[0]?.set]).toEqual(['humaneval', 'humaneval']);
    }
  }, 60_000);

  it('trains nothing without a consensus, says why, and stops by patience', async () => {
    const { outcome, calls, report } = await run(configOf('nothing', { max: 6 }), {
      consensus: () => false,
      passAt1: () => 0.5,
    });
    expect(named(calls, 'startFineTune')).toHaveLength(0);
    expect(report.records).toHaveLength(3);
    expect(report.records[1]?.untrained).toContain('too few problems with a consensus');
    expect(outcome.reason).toContain('patience 2');
  }, 60_000);

  it('asks for each chunk of each problem once', async () => {
    const { calls } = await run(configOf('chunks', { max: 1 }), {
      consensus: () => true,
      passAt1: () => 0.5,
    });
    const chunks = named(calls, 'sampleCandidates').map(
      ({ input }) => `${input.problemId}/${input.firstChunk}+${input.chunks}`,
    );
    expect(chunks).toHaveLength(12);
    expect(new Set(chunks).size).toBe(12);
  }, 60_000);

  it('goes on without a problem whose batch cannot be run', async () => {
    const { report } = await run(configOf('broken-problem', { max: 1 }), {
      consensus: () => true,
      passAt1: () => 0.5,
      onCall: (name, input) => {
        if (name === 'executeCandidates' && input.problemId === 'p2') {
          throw ApplicationFailure.nonRetryable('the container died', 'sandbox-failed');
        }
      },
    });
    expect(report.records[1]?.work?.problems.outcomes).toEqual({ consensus: 5, failed: 1 });
  }, 60_000);

  it('fails where a fault would hit every problem alike', async () => {
    const failing = run(configOf('no-model', { max: 1 }), {
      consensus: () => true,
      passAt1: () => 0.5,
      onCall: (name) => {
        if (name === 'proposeProblems')
          throw ApplicationFailure.nonRetryable('no such model', 'model-missing');
      },
    });
    await expect(failing).rejects.toThrow(WorkflowFailedError);
  }, 60_000);
});
