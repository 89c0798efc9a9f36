/** As many selections as may wait for a person, each decided by one: what that leaves in the histories, and that nothing is lost. */
import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MOST_REVIEWS } from '../../../core/config/review-config.ts';
import { wholeAudit } from '../../../core/steering/audit.ts';
import { reviewsQuery, reviewUpdate } from '../../../workflows/messages.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { weighAllRuns } from '../../support/histories.ts';
import { bundleOf, startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

const KIB = 1024;
const workflows = fileURLToPath(new URL('./reporting-workflows.ts', import.meta.url));
/** More than a person is asked about. */
const PROBLEMS = MOST_REVIEWS + 11;

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

it('stays within the limits of a history with a hundred decisions of a person, and loses none', async () => {
  const c = await startSteered(environment, 'many', 'writeReport', {
    ...{ problems: { count: PROBLEMS, batch: 3 }, concurrency: { problems: 16 } },
    review: { when: 'sample', share: 1, otherwise: 'reject' },
  });
  c.open();
  const work = async () => {
    const all = async () => (await c.handle.query(reviewsQuery)).waiting.length === MOST_REVIEWS;
    await vi.waitUntil(all, { timeout: 120_000, interval: 200 });
    const { waiting } = await c.handle.query(reviewsQuery);
    // As long as it may be, in an alphabet of three bytes a letter.
    const decided = { decision: 'accept' as const, by: 'ann', reason: '好'.repeat(500) };
    // The server takes ten at a time.
    const atOnce = pLimit(8);
    const accept = ({ problemId: problem }: { problemId: string }) =>
      c.handle.executeUpdate(reviewUpdate, { args: [{ ...decided, problem }] });
    await Promise.all(waiting.map((review) => atOnce(accept, review)));
    await c.handle.result();
    return c.whole();
  };
  const queues = Object.values(TASK_QUEUES);
  const { records, audit } = await withWorkers(environment, c.activities, work, queues, bundleOf(workflows));
  const campaign = await weighAllRuns(environment.client, workflowIds.campaign('many'));
  const iteration = await weighAllRuns(environment.client, workflowIds.iteration('many', 1));
  for (const { events, bytes, largestPayload } of [...campaign, ...iteration])
    console.info(`${events} events, ${bytes} bytes, largest payload ${largestPayload}`);
  expect(records[1]?.work?.review).toEqual({
    ...{ accepted: MOST_REVIEWS, rejected: 0, replaced: 0 },
    ...{ byPerson: MOST_REVIEWS, byDefault: 0, unasked: PROBLEMS - MOST_REVIEWS },
  });
  // Of so long lines few are carried; the bucket has all.
  expect(wholeAudit(c.storedAudit, audit)).toHaveLength(MOST_REVIEWS);
  for (const { events, bytes, largestPayload } of [...campaign, ...iteration]) {
    expect(events).toBeLessThanOrEqual(4096);
    expect(bytes).toBeLessThanOrEqual(4 * KIB * KIB);
    expect(largestPayload).toBeLessThanOrEqual(64 * KIB);
  }
}, 300_000);
