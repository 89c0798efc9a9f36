import { layout } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { WrittenTests } from '../../core/problems/written-tests.ts';
import { problemValues } from '../../core/prompts/problem-values.ts';
import { readTests } from '../../core/prompts/read-tests.ts';
import { renderStage } from '../../core/prompts/render.ts';
import { testRequests } from '../../core/prompts/test-requests.ts';
import { deriveSeed } from '../../core/sampling/derive-seed.ts';
import { whileHeartbeating } from '../context.ts';
import {
  countReasons,
  type ModelStepContext,
  type ReasonCounts,
  type StepMeasures,
  stopwatch,
} from '../step.ts';
import { inParallel } from './in-parallel.ts';
import { campaignPrompts, DEFAULT_WIDTH, type ModelDependencies, stageRequest } from './model-step.ts';

export type WriteTestsInput = ModelStepContext & { problemId: string; count: number };
export type WriteTestsResult = StepMeasures & { written: number; discarded: ReasonCounts };

/** Asks for tests and takes them apart into calls and claimed values. Safe to repeat: stored once. */
export const writeTests =
  ({ store, model, width = DEFAULT_WIDTH }: ModelDependencies) =>
  async (i: WriteTestsInput): Promise<WriteTestsResult> => {
    const elapsed = stopwatch();
    const key = (folder: string) => layout.work(i.campaignId, i.iteration, folder, `${i.problemId}.json`);
    const stored = await store.once(key('written-tests'), WrittenTests, async () => {
      const [set, problem] = await Promise.all([
        campaignPrompts(store, i),
        store.readJson(key('problems'), Problem),
      ]);
      const { samples } = set.stages.tests.sampling;
      const index = Number(problem.id.slice(1));
      const seed = deriveSeed({ seed: i.seed, iteration: i.iteration, stage: 'tests', index });
      const asked = await whileHeartbeating(
        inParallel([...testRequests(set, i.count).entries()], width, async ([number, wanted], signal) => {
          const prompt = renderStage(set, 'tests', { ...problemValues(problem), ...wanted.values });
          const step = { model: i.servedModel, seed: seed + number * samples };
          const { choices, tokens } = await model.ask(stageRequest(set, 'tests', prompt, step), signal);
          const { category } = wanted;
          return {
            tokens,
            answers: choices.map(({ text }) => ({
              text: prompt.prefix + text,
              ...(category ? { category } : {}),
            })),
          };
        }),
      );
      const { tests, discarded } = readTests(
        asked.flatMap(({ answers }) => answers),
        problem.functionName,
        i.count,
      );
      return {
        tests,
        discarded: countReasons(discarded),
        tokens: asked.reduce((sum, { tokens }) => sum + tokens, 0),
      };
    });
    return {
      written: stored.tests.length,
      discarded: stored.discarded,
      tokens: stored.tokens,
      seconds: elapsed(),
    };
  };
