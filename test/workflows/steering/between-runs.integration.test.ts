/** A problem whose rounds are spread over runs, and a person who comes in where one run ends and the next begins. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  pauseUpdate,
  reportQuery,
  resumeUpdate,
  steerSignal,
  stopUpdate,
} from '../../../workflows/messages.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { startEnvironment, withActivities, withSteps, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

const WAIT = { timeout: 90_000, interval: 50 };

/** One problem; the last activity of its first run, the look at the second round, waits until `open` is called. */
const startRounds = async (name: string) => {
  const c = await startSteered(environment, name, 'closeRound', {
    problems: { count: 1, batch: 3 },
    candidates: { count: 8, chunk: 1, adaptive: { first: 2 } },
  });
  const held = c.activities.closeRound;
  const problem = environment.client.workflow.getHandle(workflowIds.problem(name, 1, 'p1'));
  const events = async (runId?: string) => {
    const run = environment.client.workflow.getHandle(problem.workflowId, runId);
    return (await run.fetchHistory()).events ?? [];
  };
  const runId = async () => (await problem.describe()).runId;
  return {
    ...c,
    activities: {
      ...c.activities,
      closeRound: async (input: Parameters<typeof held>[0] & { rounds: number }) => {
        if (input.rounds === 2) await held(input);
        return { stop: null, seconds: 0.01 };
      },
    },
    problem,
    runId,
    /** Until nothing is left to do in its latest run before somebody does something. */
    settled: () =>
      vi.waitUntil(async () => Boolean((await events()).at(-1)?.workflowTaskCompletedEventAttributes), WAIT),
    /** The run after `first`, once it has begun. */
    nextRun: async (first: string): Promise<string> => {
      const hasBegun = async () =>
        (await runId()) !== first &&
        (await events()).some((event) => event.workflowTaskCompletedEventAttributes);
      await vi.waitUntil(hasBegun, WAIT);
      return runId();
    },
    /** Until every activity of the run has been answered. */
    answered: () =>
      vi.waitUntil(async () => {
        const all = await events();
        const begun = all.filter((event) => event.activityTaskScheduledEventAttributes).length;
        return all.filter((event) => event.activityTaskCompletedEventAttributes).length === begun;
      }, WAIT),
    /** What a run did and was told, in its order. */
    story: async (run?: string): Promise<string[]> =>
      (await events(run)).flatMap((event) =>
        event.workflowExecutionSignaledEventAttributes
          ? ['message']
          : (event.activityTaskScheduledEventAttributes?.activityType?.name ?? []),
      ),
  };
};

it('holds in its next run what was paused in the one before, and goes on where that left off', async () => {
  const c = await startRounds('pause-between');
  const { first, held, second, records } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    const before = await c.runId();
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    await c.told();
    c.open();
    const after = await c.nextRun(before);
    await c.settled();
    const inPause = await c.story(after);
    await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
    await c.handle.result();
    const { records: made } = await c.handle.query(reportQuery);
    const stories = { first: await c.story(before), held: inPause, second: await c.story(after) };
    return { ...stories, records: made };
  });
  expect(first.slice(-2)).toEqual(['closeRound', 'message']);
  // Of a server that rests, at most.
  expect(held.filter((what) => what !== 'message')).toEqual([]);
  expect(second.filter((what) => what !== 'message').slice(0, 2)).toEqual([
    'sampleCandidates',
    'executeCandidates',
  ]);
  const chunks = c.calls
    .filter(({ name }) => name === 'sampleCandidates')
    .map(({ input }) => input.firstChunk);
  expect(chunks.map(Number).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { consensus: 1 } },
    candidates: { sampled: 8 },
  });
});

it('stops in its next run what was paused in the one before, and keeps what its rounds have counted', async () => {
  const c = await startRounds('stop-between');
  const { second, records } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    const before = await c.runId();
    await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann' }] });
    await c.told();
    c.open();
    const after = await c.nextRun(before);
    await c.settled();
    await c.handle.executeUpdate(stopUpdate, { args: [{ after: 'now', by: 'ann' }] });
    await c.handle.result();
    return { second: await c.story(after), ...(await c.handle.query(reportQuery)) };
  });
  expect(second.filter((what) => what !== 'message')).toEqual([]);
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { stopped: 1 } },
    // A round of two, and one of one.
    candidates: { sampled: 3 },
  });
});

it.each([
  ['pause', { paused: true, stop: null }],
  ['stop', { paused: false, stop: 'now' }],
] as const)('heeds a %s that comes in with the step that ends a run', async (name, steering) => {
  const c = await startRounds(`${name}-with-the-end`);
  const era = Date.now() + 3_600_000;
  await withActivities(environment, c.activities, async () => {
    const first = await withSteps(environment, async () => {
      await c.reached();
      return c.runId();
    });
    await c.problem.signal(steerSignal, { era, sequence: 9, ...steering });
    c.open();
    await c.answered();
    await withSteps(environment, async () => {
      if (steering.stop) {
        await c.handle.result();
        expect(await c.runId()).toBe(first);
        return;
      }
      const second = await c.nextRun(first);
      await c.settled();
      // What was said before changes nothing, however late it comes.
      for (const late of [
        { era, sequence: 8 },
        { era: era - 1, sequence: 99 },
      ]) {
        await c.problem.signal(steerSignal, { ...late, paused: false, stop: null });
        await c.settled();
      }
      await c.problem.signal(steerSignal, { era, sequence: 10, paused: false, stop: null });
      await c.handle.result();
      const begun = (await c.story(second)).slice(0, 4);
      expect(begun).toEqual(['message', 'message', 'message', 'sampleCandidates']);
    });
  });
  const { records } = await withWorkers(environment, c.activities, () => c.handle.query(reportQuery));
  expect(records[1]?.work?.candidates.sampled).toBe(steering.stop ? 3 : 8);
});
