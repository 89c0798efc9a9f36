/** A campaign that a person holds, changes and lets go, while all that it runs on dies in between. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { CampaignStatus } from '../../cli/campaign/campaign-status.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { layout } from '../../core/layout.ts';
import { AuditLine } from '../../core/steering/audit.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { chaosBench, HARDEST } from './harness/bench.ts';
import { finished, newName, start, until } from './harness/campaigns.ts';
import { temporal, ucoder } from './harness/commands.ts';

const bench = chaosBench();
/** Requests that were in flight: a batch of four problems, judged by two criteria. */
const IN_FLIGHT = 8;
const Steered = z.looseObject({ audit: z.array(AuditLine) });

it(
  'is paused from the Temporal CLI, killed whole, started again, retuned, resumed, and completes',
  HARDEST,
  async () => {
    const { stack } = bench;
    const name = newName();
    const status = async (): Promise<CampaignStatus> =>
      JSON.parse(await ucoder(stack, 'status', name, '--json'));
    const problems = async (): Promise<number> => {
      const query = `WorkflowType = "problem" AND WorkflowId STARTS_WITH "${workflowIds.campaign(name)}/"`;
      return (await stack.client.workflow.count(query)).count;
    };
    await stack.model.forget();
    await stack.model.slowDown(500);
    // With half the candidates of the campaign that it is compared with.
    await start(stack, name, { count: 4 });
    await until(stack, name, 'judging');
    // The model server falls silent: the batch that is being judged is in flight from here until everything dies.
    stack.proxies.model.set('hang');
    const iteration = stack.client.workflow.getHandle(workflowIds.iteration(name, 1));
    const isJudging = async () =>
      (await iteration.describe()).raw.pendingActivities?.[0]?.activityType?.name === 'judgeProblems';
    await stack.until(isJudging, 'a batch is being judged');
    const pause = JSON.stringify({ by: 'ann', reason: 'the power is needed' });
    const answer = await temporal(
      stack,
      ...['workflow', 'update', 'execute', '--workflow-id', workflowIds.campaign(name)],
      ...['--name', 'pause', '--input', pause, '--output', 'json'],
    );
    expect(answer).toContain('Paused. What is in flight ends; nothing new starts.');

    expect(await isJudging()).toBe(true);
    await stack.killEverything({ supervisorToo: true });
    stack.proxies.model.set('pass');

    // Held still; and what was in flight ends, after which the problems would start.
    await stack.until(async () => (await status()).stage === 'solve', 'the batch in flight ends');
    expect(await status()).toMatchObject({
      ...{ state: 'paused', iteration: 1, done: 0, total: 3 },
      waitingFor: `paused by ann: the power is needed; npx ucoder resume ${name}`,
    });
    const because = ['--by', 'bob', '--reason', 'eight are better'];
    const retuned = await ucoder(stack, 'retune', name, '--set', 'candidates.count=8', ...because);
    expect(retuned).toContain(`${name}: paused, iteration 1, problems. candidates.count 4 → 8.`);
    expect(await problems()).toBe(0);

    expect(await ucoder(stack, 'resume', name, '--by', 'bob')).toContain('Goes on.');
    await finished(stack, name);
    expect(await problems()).toBe(3);
    const lines = [
      { what: 'pause', by: 'ann', reason: 'the power is needed' },
      { what: 'retune', by: 'bob', reason: 'eight are better', detail: 'candidates.count 4 → 8' },
      { what: 'resume', by: 'bob', reason: '' },
    ];
    const { audit } = Steered.parse(JSON.parse(await ucoder(stack, 'report', name, '--json')));
    expect(audit).toMatchObject(lines);
    expect(audit).toHaveLength(lines.length);
    const operations = await stack.store.readJson(layout.operations(name), Steered);
    expect(operations.audit).toEqual(audit);

    // All is as if it had begun with eight, but for the settings with which it did begin.
    const begunWith = await stack.store.readJson(layout.config(name), CampaignConfig);
    expect(begunWith.candidates.count).toBe(4);
    await bench.check(name, 1, { apart: [layout.config('NAME')], repeatedRequests: () => IN_FLIGHT });
  },
);
