import { layout } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { WrittenTests } from '../../core/problems/written-tests.ts';
import { deriveSeed } from '../../core/sampling/derive-seed.ts';
import { whileHeartbeating } from '../context.ts';
import { type ModelStepContext, type ReasonCounts, type StepMeasures, stopwatch } from '../step.ts';
import { askForTests } from './ask-for-tests.ts';
import { campaignPrompts, DEFAULT_WIDTH, type ModelDependencies } from './model-step.ts';

export type WriteTestsInput = ModelStepContext & { problemId: string; count: number };
export type WriteTestsResult = StepMeasures & { written: number; discarded: ReasonCounts };

/** Asks for tests and takes them apart into calls and claimed values. Safe to repeat: stored once. */
export const writeTests =
  ({ store, model, width = DEFAULT_WIDTH }: ModelDependencies) =>
  async (i: WriteTestsInput): Promise<WriteTestsResult> => {
    const elapsed = stopwatch();
    const key = (folder: string) => layout.work(i, i.iteration, folder, `${i.problemId}.json`);
    const stored = await store.once(key('written-tests'), WrittenTests, async () => {
      const [set, problem] = await Promise.all([
        campaignPrompts(store, i),
        store.readJson(key('problems'), Problem),
      ]);
      const index = Number(problem.id.slice(1));
      const seed = deriveSeed({ seed: i.seed, iteration: i.iteration, stage: 'tests', index });
      const { servedModel, count } = i;
      return whileHeartbeating(askForTests(model, { set, problem, model: servedModel, seed, count, width }));
    });
    return {
      written: stored.tests.length,
      discarded: stored.discarded,
      tokens: stored.tokens,
      seconds: elapsed(),
    };
  };
