import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ReviewRequest } from '../../../core/steering/requests.ts';
import { progressQuery, reportQuery, reviewsQuery, reviewUpdate } from '../../../workflows/messages.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

type Steered = Awaited<ReturnType<typeof startSteered>>;

const decide = ({ handle }: Steered, request: Partial<ReviewRequest>) =>
  handle.executeUpdate(reviewUpdate, { args: [request] });

/** Until all six selections, whose clusters hold half of the candidates, wait. */
const allWait = ({ handle }: Steered) =>
  vi.waitUntil(async () => (await handle.query(reviewsQuery)).waiting.length === 6, {
    timeout: 60_000,
    interval: 50,
  });

const doubtful = { when: 'low-consensus', threshold: 0.6 };

it('holds doubtful selections for a person, whose decisions reach the selections and the result', async () => {
  const c = await startSteered(environment, 'reviewed', 'gatherResults', { review: doubtful });
  c.open();
  const { records, audit } = await withWorkers(environment, c.activities, async () => {
    // None holds up another: two at once are solved, and six wait.
    await allWait(c);
    expect(c.count('gatherResults')).toBe(0);
    const iteration = environment.client.workflow.getHandle(workflowIds.iteration('reviewed', 1));
    expect((await iteration.query(progressQuery)).waitingFor).toContain('6 selections wait for a person');
    await decide(c, { problem: 'p1', decision: 'reject', by: 'ann', reason: 'counts words' });
    expect((await decide(c, { problem: 'p1', decision: 'reject', by: 'bob' })).message).toContain('already');
    await expect(decide(c, { problem: 'p1', decision: 'accept' })).rejects.toMatchObject({
      cause: { type: 'steering-refused' },
    });
    await expect(decide(c, { problem: 'p2', decision: 'replace', candidate: 'c0099' })).rejects.toMatchObject(
      { cause: { message: expect.stringContaining('no candidate c0099') } },
    );
    await decide(c, { problem: 'p2', decision: 'replace', candidate: 'c0002', by: 'ann' });
    for (const problem of ['p3', 'p4', 'p5', 'p6']) await decide(c, { problem, decision: 'accept' });
    await c.handle.result();
    return c.handle.query(reportQuery);
  });
  const gathered = c.calls.find(({ name }) => name === 'gatherResults')?.input.reviews;
  expect(gathered).toContainEqual({ problemId: 'p2', decision: 'replace', candidate: 'c0002', by: 'person' });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { consensus: 5, rejected: 1 } },
    review: { accepted: 4, rejected: 1, replaced: 1, byPerson: 6, byDefault: 0 },
  });
  expect(audit).toHaveLength(6);
  expect(audit[0]).toMatchObject({ what: 'review', by: 'ann', detail: 'p1: reject', reason: 'counts words' });
});

it('lets the default hold where nobody decides in time', async () => {
  const review = { ...doubtful, hours: 0.0005, otherwise: 'reject' };
  const c = await startSteered(environment, 'unattended', 'sketchInterface', { review });
  c.open();
  const { records } = await withWorkers(environment, c.activities, async () => {
    await c.handle.result();
    return c.handle.query(reportQuery);
  });
  expect(records[1]?.work).toMatchObject({
    problems: { outcomes: { rejected: 6 } },
    review: { rejected: 6, byPerson: 0, byDefault: 6 },
  });
});
