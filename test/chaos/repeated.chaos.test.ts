/** Parts of a campaign that a person has done again, and selections that a person decides on, while things die. */
import { rm, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { layout } from '../../core/layout.ts';
import { AuditLine } from '../../core/steering/audit.ts';
import { chaosBench } from './harness/bench.ts';
import { resultOf } from './harness/campaign-result.ts';
import { finished, newName, start, until } from './harness/campaigns.ts';
import { ucoder } from './harness/commands.ts';
import { checkInvariants } from './harness/invariants.ts';

const bench = chaosBench();
const Steered = z.looseObject({ audit: z.array(z.looseObject({ ...AuditLine.shape, kind: z.string() })) });

const audited = async (name: string) => {
  const { audit } = await bench.stack.store.readJson(layout.operations(name), Steered);
  return audit.filter(({ kind }) => kind === 'steered');
};

it('tries a problem again that a refusal of the model server left unfinished, and all dies meanwhile', async () => {
  const { stack } = bench;
  const name = newName();
  await stack.model.forget();
  await stack.model.slowDown(500);
  await start(stack, name);
  await until(stack, name, 'solving');
  // Whatever is asked now is asked for one of the problems, which ends with it.
  await stack.model.spoil([{ kind: 'status', status: 400 }]);
  const because = ['--by', 'ann', '--reason', 'the server was set up wrongly'];
  const retry = () => ucoder(stack, 'retry', name, ...because);
  await stack.until(
    () =>
      retry().then(
        () => true,
        // Refused until it is told that a problem failed.
        () => false,
      ),
    'the retry is taken',
  );
  await stack.model.slowDown(0);
  await stack.killEverything();
  // Asked twice, and twice in the audit only where it was done twice: the first may have begun already.
  await retry().catch(() => undefined);
  await finished(stack, name);
  await bench.check(name, 1, { isRetried: true });
  const audit = await audited(name);
  expect(audit).toEqual([
    expect.objectContaining({ what: 'retry', by: 'ann', detail: 'iteration 1 from failed' }),
  ]);
});

it('trains again where a training job hangs, while workers are killed', async () => {
  const { stack } = bench;
  const name = newName();
  await stack.model.forget();
  // The second job goes on once the plan is gone: after the same was asked for again.
  await writeFile(stack.trainerPlan, 'hang\nwaits\n');
  await start(stack, name);
  await until(stack, name, 'training');
  const because = ['--by', 'ann', '--reason', 'no step for an hour'];
  const retry = () => ucoder(stack, 'retry', name, '--from', 'train', '--iteration', '1', ...because);
  await stack.workers.training.restart();
  const asked = retry();
  await stack.workers.control.restart();
  expect(await asked).toContain('Iteration 1 is done again, from: train.');
  await stack.workers.training.restart();
  expect(await retry()).toContain('already');
  await rm(stack.trainerPlan);
  await finished(stack, name);
  await bench.check(name, 1, { isRetried: true });
  expect(await audited(name)).toMatchObject([{ what: 'retry', detail: 'iteration 1 from train' }]);
});

const Waiting = z.object({
  waiting: z.array(z.object({ problemId: z.string(), candidate: z.string() })),
  decided: z.array(z.looseObject({ problemId: z.string() })),
});
const Seen = z.object({ clusters: z.array(z.object({ members: z.array(z.string()) })) });

/** A person accepts one selection, replaces the second and rejects the third; `between` comes before each decision. */
const reviewed = async (between: (decision: number) => Promise<void>): Promise<string> => {
  const { stack } = bench;
  const name = newName();
  await stack.model.forget();
  await start(stack, name, {}, { review: { when: 'sample', share: 1 } });
  const queue = async () => Waiting.parse(JSON.parse(await ucoder(stack, 'review', name, '--json')));
  await stack.until(
    () =>
      queue().then(
        ({ waiting }) => waiting.length === 3,
        () => false,
      ),
    'three selections wait',
  );
  const problems = (await queue()).waiting.map(({ problemId }) => problemId).sort();
  const [first = '', second = '', third = ''] = problems;
  const { clusters } = Seen.parse(JSON.parse(await ucoder(stack, 'review', name, second, '--json')));
  const other = clusters.at(-1)?.members.at(-1) ?? '';
  expect(await ucoder(stack, 'review', name, second)).toContain('(chosen)');
  const decisions = [
    [first, '--accept', '--by', 'ann'],
    [second, '--replace', other, '--by', 'ann', '--reason', 'handles zero'],
    [third, '--reject', '--by', 'bob'],
  ];
  for (const [index, decision] of decisions.entries()) {
    const asked = ucoder(stack, 'review', name, ...decision);
    await between(index);
    expect(await asked).toMatch(/: (accept|reject|replace)/);
    // The third one's answer may find the iteration at its end.
    if (index < 2) expect(await ucoder(stack, 'review', name, ...decision)).toContain('Decided already');
  }
  await finished(stack, name);
  const { waiting, decided } = await queue();
  expect([waiting.length, decided.length]).toEqual([0, 3]);
  const details = [`${first}: accept`, `${second}: replace by ${other}`, `${third}: reject`];
  expect((await audited(name)).map(({ detail }) => detail)).toEqual(details);
  return name;
};

it('keeps a person’s decisions about selections through kills between and during them', async () => {
  const { stack } = bench;
  const undisturbed = await resultOf(stack, await reviewed(async () => undefined));
  const name = await reviewed(async (decision) => {
    if (decision === 0) await stack.workers.control.restart();
    if (decision === 1) await stack.killEverything();
    if (decision === 2) await Promise.all([stack.workers.control.restart(), stack.workers.model.restart()]);
  });
  await checkInvariants(stack, name, {
    reference: undisturbed,
    repeatedRequests: () => 100,
    faults: 0,
  });
});
