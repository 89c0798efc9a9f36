/** Recorded histories of every workflow's shapes replay with the code as it is: runs that are open go on after a deploy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const FOLDER = fileURLToPath(new URL('./histories', import.meta.url));
const histories = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

const Recorded = z.looseObject({
  events: z.array(
    z.looseObject({
      workflowExecutionStartedEventAttributes: z.looseObject({ workflowId: z.string() }).optional(),
      activityTaskScheduledEventAttributes: z
        .looseObject({ activityType: z.looseObject({ name: z.string() }) })
        .optional(),
    }),
  ),
});
const read = (name: string) => Recorded.parse(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));

let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const workflowsPath = fileURLToPath(new URL('../../workflows/all-workflows.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
  // Bundling takes seconds, and minutes on a machine that is busy.
}, 300_000);

const replay = (history: z.infer<typeof Recorded>): Promise<void> => {
  // Ids of children are made of it.
  const started = history.events[0]?.workflowExecutionStartedEventAttributes;
  return Worker.runReplayHistory({ workflowBundle }, history, started?.workflowId);
};

describe('replay', () => {
  it.each(histories)('%s', async (name) => {
    await replay(read(name));
  });

  it('covers every workflow', () => {
    for (const workflow of ['campaign', 'iteration', 'problem', 'fine-tune', 'evaluation', 'server-lease'])
      expect(histories.some((name) => name.startsWith(workflow))).toBe(true);
  });

  it.each([
    'measureDiversity',
    'readTrees',
    'summariseConsensus',
    'closeRound',
    'readRecord',
    'keepAudit',
    'findCurriculum',
  ])('covers the step %s', (step) => {
    const hasStep = (name: string) =>
      read(name).events.some(
        (event) => event.activityTaskScheduledEventAttributes?.activityType.name === step,
      );
    expect(histories.some(hasStep)).toBe(true);
  });

  it('finds a step that the recorded run did not take', async () => {
    const history = read('problem-consensus');
    for (const { activityTaskScheduledEventAttributes: scheduled } of history.events) {
      if (scheduled?.activityType.name === 'checkTests') scheduled.activityType.name = 'anotherStep';
    }
    await expect(replay(history)).rejects.toThrow(/Nondeterminism|determinism/i);
  });
});
