/** Somebody, or a script, asks without end within one iteration: the history stays within its limits, and no line of who asked is lost. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wholeAudit } from '../../../core/steering/audit.ts';
import { historyLimits } from '../../../workflows/history-limits.ts';
import { pauseUpdate, resumeUpdate, retuneUpdate, stopUpdate } from '../../../workflows/messages.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { weighAllRuns } from '../../support/histories.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

const KIB = 1024;

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

it('takes requests while the history has room, then only what ends or continues the campaign', async () => {
  const c = await startSteered(environment, 'asked-often', 'sketchInterface', {
    budget: { tokens: 1_000_000_000 },
  });
  const { asked, audit } = await withWorkers(environment, c.activities, async () => {
    await c.reached();
    let taken = 0;
    const refused = async (): Promise<string | undefined> => {
      const reason = `${taken}: ${'好'.repeat(400)}`;
      try {
        await c.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ann', reason }] });
        taken += 1;
      } catch (thrown) {
        return String((thrown as Error).cause);
      }
      await c.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ann' }] });
      taken += 1;
      return undefined;
    };
    let why: string | undefined;
    while (why === undefined && taken < 2_000) why = await refused();
    expect(why).toContain('as many requests as one run of a campaign has room for');
    const budget = { budget: { tokens: 2_000_000_000 } };
    await expect(
      c.handle.executeUpdate(retuneUpdate, { args: [{ settings: budget }] }),
    ).rejects.toMatchObject({ cause: { type: 'steering-refused' } });
    expect((await c.handle.executeUpdate(resumeUpdate, { args: [{}] })).message).toContain(
      'Nothing was paused',
    );
    await c.handle.executeUpdate(stopUpdate, { args: [{ after: 'iteration', by: 'bob' }] });
    c.open();
    await c.handle.result();
    return { asked: taken + 1, audit: (await c.whole()).audit };
  });
  const lines = wholeAudit(c.storedAudit, audit);
  const pauses = lines.filter(({ what }) => what === 'pause');
  expect(lines).toHaveLength(asked);
  expect(audit.length).toBeLessThan(asked / 2);
  expect(pauses.map(({ reason }) => Number.parseInt(reason, 10))).toEqual(
    pauses.map((_, index) => 2 * index),
  );
  const runs = [
    ...(await weighAllRuns(environment.client, workflowIds.campaign('asked-often'))),
    ...(await weighAllRuns(environment.client, workflowIds.iteration('asked-often', 1))),
    ...(await weighAllRuns(environment.client, workflowIds.problem('asked-often', 1, 'p1'))),
  ];
  for (const { events, bytes, largestPayload } of runs) {
    console.info(`${events} events, ${bytes} bytes, largest payload ${largestPayload}`);
    expect(events).toBeLessThanOrEqual(4096);
    expect(bytes).toBeLessThanOrEqual(4 * KIB * KIB);
    expect(largestPayload).toBeLessThanOrEqual(64 * KIB);
  }
}, 300_000);

it('hands over where it waits long for its turn, and takes the turn afterwards', async () => {
  const c = await startSteered(environment, 'waits-long', 'writeReport');
  c.open();
  // Nobody grants the model server until it was asked for by two runs.
  let asks = 0;
  const activities = {
    ...c.activities,
    askForServer: async () => {
      asks += 1;
      if (asks > 1) await c.handle.signal('leaseGranted');
    },
  };
  await withWorkers(environment, activities, async () => {
    // Any events will do.
    const told = Array.from({ length: historyLimits.events }, (_, tokens) => ({ iteration: 1, tokens }));
    const atOnce = pLimit(16);
    await Promise.all(told.map((one) => atOnce(() => c.handle.signal('tokens', one))));
    await c.handle.result();
  });
  const [first, ...later] = await weighAllRuns(environment.client, workflowIds.campaign('waits-long'));
  expect(first?.activities).toEqual({ askForServer: 1 });
  expect(first?.events).toBeLessThan(4_096);
  expect(asks).toBe(2);
  expect(later.some((run) => run.activities.writeReport)).toBe(true);
}, 300_000);
