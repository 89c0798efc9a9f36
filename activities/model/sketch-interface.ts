import { layout } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { Skeleton } from '../../core/problems/skeleton.ts';
import { problemValues } from '../../core/prompts/problem-values.ts';
import { readSkeleton } from '../../core/prompts/read-skeleton.ts';
import { renderStage } from '../../core/prompts/render.ts';
import { problemStub } from '../../core/python/stub.ts';
import { deriveSeed } from '../../core/sampling/derive-seed.ts';
import { cancellationSignal, whileHeartbeating } from '../context.ts';
import { type ModelStepContext, type StepMeasures, stopwatch } from '../step.ts';
import { campaignPrompts, type ModelDependencies, stageRequest } from './model-step.ts';

/** Writes the skeleton that solutions start from; where the sketch cannot be used, the problem's own stub. Safe to repeat: stored once. */
export const sketchInterface =
  ({ store, model }: ModelDependencies) =>
  async (i: ModelStepContext & { problemId: string }): Promise<StepMeasures> => {
    const elapsed = stopwatch();
    const key = (folder: string) => layout.work(i, i.iteration, folder, `${i.problemId}.json`);
    const stored = await store.once(key('skeletons'), Skeleton, async () => {
      const [set, problem] = await Promise.all([
        campaignPrompts(store, i),
        store.readJson(key('problems'), Problem),
      ]);
      const prompt = renderStage(set, 'sketch', problemValues(problem));
      const index = Number(problem.id.slice(1));
      const seed = deriveSeed({ seed: i.seed, iteration: i.iteration, stage: 'sketch', index });
      const request = stageRequest(set, 'sketch', prompt, { model: i.servedModel, seed, samples: 1 });
      const { choices, tokens } = await whileHeartbeating(model.ask(request, cancellationSignal()));
      const read = readSkeleton(prompt.prefix + (choices[0]?.text ?? ''), set.stages.sketch, problem);
      return read.ok
        ? { skeleton: read.value, tokens }
        : { skeleton: problemStub(problem), discarded: read.reason, tokens };
    });
    return { tokens: stored.tokens, seconds: elapsed() };
  };
