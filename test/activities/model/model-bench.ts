/** A real S3 server and a scripted model server that speaks the protocol, new for each test of a file. */
import { afterEach, beforeEach } from 'vitest';
import { createModelActivities } from '../../../activities/model/model-activities.ts';
import { createModelClient } from '../../../activities/model/model-client.ts';
import type { ModelStepContext } from '../../../activities/step.ts';
import type { S3Store } from '../../../activities/store/s3-store.ts';
import { layout } from '../../../core/layout.ts';
import type { Problem } from '../../../core/problems/problem.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';
import { type ScriptedModelServer, startScriptedModelServer } from '../../support/scripted-model-server.ts';
import { testStore } from '../../support/store.ts';

type ModelBench = {
  store: S3Store;
  server: ScriptedModelServer;
  /** A campaign of this test alone, with the small prompt set and four topics; replaced where it needs others. */
  context: ModelStepContext;
  activities: ReturnType<typeof createModelActivities>;
  work: (...path: [string, ...string[]]) => string;
};

export const problem: Problem = {
  id: 'p0001',
  domain: 'basic-algorithm',
  topic: 'doubles',
  functionName: 'double',
  signature: 'def double(number: int) -> int:',
  docstring: 'Return twice the number.',
};

/** To be called at the top of a file; what it gives is filled before each test. */
export const modelBench = (): ModelBench => {
  const bench = {
    work: (...path: [string, ...string[]]) => layout.work(bench.context, 1, ...path),
  } as ModelBench;
  beforeEach(async () => {
    const { store, prefix } = await testStore();
    const server = await startScriptedModelServer();
    const context = { campaignId: prefix, iteration: 1, seed: 7, servedModel: 'scripted' };
    const model = createModelClient({ url: server.url });
    Object.assign(bench, {
      store,
      server,
      context,
      activities: createModelActivities({ store, model, width: 4 }),
    });
    await store.putJson(layout.prompts(prefix), await loadPromptSet('small'));
    await store.put(layout.topics(prefix), 'doubles\ntriples\nsquares\ncubes\n');
  });
  afterEach(() => bench.server.close());
  return bench;
};
