/** Somebody, or a script, asks without end within one iteration: the history stays within its limits, and no line of who asked is lost. */

import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { wholeAudit } from '../../../core/steering/audit.ts';
import {
  pauseUpdate,
  progressQuery,
  resumeUpdate,
  retuneUpdate,
  stopUpdate,
} from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { weighAllRuns } from '../../support/histories.ts';
import { bundleOf, startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

const KIB = 1024;
const workflows = fileURLToPath(new URL('./short-history-workflows.ts', import.meta.url));

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

it('hands over where it waits long for its turn, and asks again', async () => {
  const c = await startSteered(environment, 'waits-long', 'writeReport');
  let asks = 0;
  const activities = {
    ...c.activities,
    // Nobody grants the model server.
    askForServer: async () => {
      asks += 1;
    },
  };
  const work = async (): Promise<void> => {
    await vi.waitUntil(() => asks === 1, { timeout: 60_000, interval: 20 });
    // Any events will do.
    for (let tokens = 0; tokens < 160; tokens += 1) await c.handle.signal('tokens', { iteration: 1, tokens });
    await vi.waitUntil(() => asks === 2, { timeout: 60_000, interval: 20 });
    // It knows once the answer has come back to it.
    const tells = async () => {
      const { stage, waitingFor } = await c.handle.query(progressQuery);
      expect([stage, waitingFor]).toEqual(['start', 'another campaign holds the model server']);
    };
    await vi.waitFor(tells, { timeout: 60_000, interval: 50 });
  };
  const queues = Object.values(TASK_QUEUES);
  await withWorkers(environment, activities, work, queues, bundleOf(workflows));
  const [first, second] = await weighAllRuns(environment.client, workflowIds.campaign('waits-long'));
  expect(first?.activities).toEqual({ askForServer: 1 });
  expect(second?.activities).toEqual({ askForServer: 1 });
}, 180_000);
