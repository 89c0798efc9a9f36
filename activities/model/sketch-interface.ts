import { ProblemPolicy } from '../../core/campaign/problem-policy.ts';
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

/** The policy is that of the problem’s first start. */
export type Sketched = StepMeasures & { policy: ProblemPolicy };

/**
 * Begins a problem: settles with which settings it is solved, and writes the skeleton that solutions start from; where
 * the sketch cannot be used, the problem's own stub. Safe to repeat: both are stored once.
 */
export const sketchInterface =
  ({ store, model }: ModelDependencies) =>
  async (i: ModelStepContext & { problemId: string; policy: ProblemPolicy }): Promise<Sketched> => {
    const elapsed = stopwatch();
    const key = (folder: string) => layout.work(i, i.iteration, folder, `${i.problemId}.json`);
    // What is stored of a problem rests on them: others, after a retune, would mix two populations of candidates.
    const policy = await store.once(key('settings'), ProblemPolicy, async () => i.policy);
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
    return { tokens: stored.tokens, seconds: elapsed(), policy };
  };
