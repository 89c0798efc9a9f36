import type { CandidatesConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { Skeleton } from '../../core/problems/skeleton.ts';
import { readSolution } from '../../core/prompts/read-solution.ts';
import { solvePrompt } from '../../core/prompts/solve-prompt.ts';
import { Candidate } from '../../core/sampling/candidate.ts';
import { chunkPlan } from '../../core/sampling/chunk-plan.ts';
import { deriveSeed } from '../../core/sampling/derive-seed.ts';
import { cancellationSignal, whileHeartbeating } from '../context.ts';
import {
  countReasons,
  type ModelStepContext,
  type ReasonCounts,
  type StepMeasures,
  stopwatch,
} from '../step.ts';
import { campaignPrompts, type ModelDependencies, stageRequest } from './model-step.ts';

export type SampleInput = ModelStepContext & {
  problemId: string;
  /** Position among the iteration's accepted problems, from 0. */
  problemIndex: number;
  chunk: number;
  settings: CandidatesConfig;
};
export type SampleResult = StepMeasures & { candidates: number; discarded: ReasonCounts };

/** One chunk of candidates, one request. Safe to repeat: the chunk is written once and read ever after. */
export const sampleCandidates =
  ({ store, model }: ModelDependencies) =>
  async (i: SampleInput): Promise<SampleResult> => {
    const elapsed = stopwatch();
    const key = layout.candidates(i.campaignId, i.iteration, i.problemId, i.chunk);
    const stored = await store.onceLines(key, Candidate, async () => {
      const work = (folder: string) => layout.work(i.campaignId, i.iteration, folder, `${i.problemId}.json`);
      const [set, problem, { skeleton }] = await Promise.all([
        campaignPrompts(store, i),
        store.readJson(work('problems'), Problem),
        store.readJson(work('skeletons'), Skeleton),
      ]);
      const { styles } = set.stages.solve;
      const chunk = chunkPlan(i.settings, {
        seed: deriveSeed({
          seed: i.seed,
          iteration: i.iteration,
          stage: 'solve',
          index: Number(i.problemId.slice(1)),
        }),
        styles: styles.length,
        problemIndex: i.problemIndex,
      })[i.chunk];
      const style = chunk && styles[chunk.style];
      if (!chunk || !style) {
        throw new UcoderError('internal', `${i.problemId} has no chunk ${i.chunk} of candidates.`);
      }
      const question = { functionName: problem.functionName, stub: skeleton };
      const prompt = solvePrompt(set, question, style.text);
      const request = stageRequest(set, 'solve', prompt, {
        model: i.servedModel,
        seed: chunk.seed,
        samples: chunk.count,
        temperature: chunk.temperature,
        topP: i.settings.topP,
        maxTokens: i.settings.maxTokens,
      });
      const { choices } = await whileHeartbeating(model.ask(request, cancellationSignal()));
      return choices.map((choice, position): Candidate => {
        const read = readSolution(prompt.prefix + choice.text, question);
        return {
          id: `c${String(chunk.first + position + 1).padStart(4, '0')}`,
          code: read.ok ? read.value : '',
          style: style.name,
          temperature: chunk.temperature,
          seed: chunk.seed + position,
          tokens: choice.tokens,
          perplexity: choice.perplexity,
          finish: choice.finish,
          ...(read.ok ? {} : { discarded: read.reason }),
        };
      });
    });
    return {
      candidates: stored.length,
      discarded: countReasons(stored.flatMap(({ discarded }) => discarded ?? [])),
      tokens: stored.reduce((sum, { tokens }) => sum + tokens, 0),
      seconds: elapsed(),
    };
  };
