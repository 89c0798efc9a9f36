/** What anybody can send with Temporal's own command line, in each state of a campaign: answered or refused in words. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { steerCampaign } from '../../../cli/campaign/steer-campaign.ts';
import { workflowIds } from '../../../workflows/workflow-ids.ts';
import { weighHistory } from '../../support/histories.ts';
import { temporalExecutable } from '../../support/temporal.ts';
import { startEnvironment, withWorkers } from '../workflow-environment.ts';
import { startSteered } from './start-steered.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await startEnvironment();
}, 60_000);
afterAll(() => environment?.teardown());

/** What it prints, refusals included; each of `inputs` is one argument of the update. */
const ask = async (campaign: string, update: string, ...inputs: string[]): Promise<string> => {
  const args = [
    ...['workflow', 'update', 'execute', '--address', environment.address, '--output', 'json'],
    ...['--workflow-id', workflowIds.campaign(campaign), '--name', update],
    ...inputs.flatMap((input) => ['--input', input]),
  ];
  const ran = await promisify(execFile)(await temporalExecutable(), args).catch(
    (thrown: { stdout: string; stderr: string }) => thrown,
  );
  return ran.stdout + ran.stderr;
};

const WRONG: [update: string, input: string, answer: string][] = [
  ['pause', '"now"', 'expected object, received string'],
  ['pause', '[{"by": "ann"}]', 'expected object, received array'],
  ['pause', '{"by": 3}', 'by: invalid input: expected string, received number'],
  ['pause', '{"reasn": "x"}', 'did you mean \\"reason\\"?'],
  ['stop', '{"after": "lunch"}', 'after: invalid option'],
  ['retune', '{"settings": {"candidates": {"count": "8"}}}', 'settings.candidates.count'],
  ['retune', '{"settings": {"seed": 3}}', 'may not change while a campaign runs'],
  ['retry', '{"problems": ["p1", "p2"]}', 'unknown key \\"problems\\"'],
  ['retry', '{"from": "train", "iteration": 1.5}', 'iteration'],
  ['rollback', '{}', 'to: is required'],
  ['review', '{"problem": "p1", "decision": "accept"}', 'Nothing does'],
  ['halt', '{}', 'No registered handler for update: halt'],
];

it('refuses what is wrong in words, and changes nothing by it', async () => {
  const c = await startSteered(environment, 'wrong', 'sketchInterface');
  await withWorkers(environment, c.activities, async () => {
    await c.reached();
    try {
      const before = (await weighHistory(environment.client, c.handle.workflowId)).events;
      for (const [update, input, answer] of WRONG)
        expect(await ask('wrong', update, input)).toContain(answer);
      expect(await ask('wrong', 'pause', '{"by": "ann"}', '{"by": "bob"}')).toContain('nothing more');
      const after = await weighHistory(environment.client, c.handle.workflowId);
      // A refusal leaves nothing behind; the fakes' own messages may have come in meanwhile.
      expect(after.events - before).toBeLessThan(WRONG.length);
      expect((await c.whole()).audit).toEqual([]);
      // Nothing at all is a request by nobody in particular.
      expect(await ask('wrong', 'pause')).toContain('Paused.');
      expect(await ask('wrong', 'stop', 'null')).toContain('Stops;');
      const { audit } = await c.whole();
      expect(audit.map(({ what, by }) => [what, by])).toEqual([
        ['pause', 'somebody'],
        ['stop', 'somebody'],
      ]);
    } finally {
      c.open();
    }
    await c.handle.result();
    expect(await ask('wrong', 'pause', '{}')).toMatch(/completed|not found/i);
    await expect(steerCampaign(environment.client, 'wrong', 'pause', {})).rejects.toMatchObject({
      ...{ code: 'campaign-unknown', message: 'No campaign wrong is running.' },
    });
    await expect(steerCampaign(environment.client, 'nobody', 'pause', {})).rejects.toMatchObject({
      code: 'campaign-unknown',
    });
  });
});

it('takes no request that would be lost with a campaign that is failing', async () => {
  const c = await startSteered(
    environment,
    'failing',
    'writeReport',
    {},
    {
      onCall: (name, { failed }) => {
        if (name === 'calibrateJudge')
          throw ApplicationFailure.nonRetryable('no such model', 'model-missing');
        if (name === 'writeReport' && !failed) throw new Error('only a failed campaign waits here');
      },
    },
  );
  // The first report is of the base model alone.
  const plain = c.activities.writeReport;
  const activities = {
    ...c.activities,
    writeReport: async (input: Parameters<typeof plain>[0]) => (input.failed ? plain(input) : undefined),
  };
  await withWorkers(environment, activities, async () => {
    await vi.waitUntil(() => c.count('writeReport') > 0, { timeout: 60_000, interval: 50 });
    for (const update of ['pause', 'stop', 'resume'])
      expect(await ask('failing', update, '{}')).toContain('The campaign is failing.');
    c.open();
    await expect(c.handle.result()).rejects.toThrow();
  });
});
