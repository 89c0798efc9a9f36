import type { CandidatesConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { Skeleton } from '../../core/problems/skeleton.ts';
import { readSolution } from '../../core/prompts/read-solution.ts';
import { solvePrompt } from '../../core/prompts/solve-prompt.ts';
import { Candidate } from '../../core/sampling/candidate.ts';
import { type Chunk, chunkPlan } from '../../core/sampling/chunk-plan.ts';
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
import { campaignPrompts, type ModelDependencies, stageRequest } from './model-step.ts';

export type SampleInput = ModelStepContext & {
  problemId: string;
  /** Position among the iteration's accepted problems, from 0. */
  problemIndex: number;
  /** The chunks of this step: `chunks` of them from `firstChunk` on. */
  firstChunk: number;
  chunks: number;
  settings: CandidatesConfig;
};
export type SampleResult = StepMeasures & { candidates: number; discarded: ReasonCounts };

/** Samples that one step has in flight at most: one chunk of the default size. */
const SAMPLES_AT_ONCE = 32;

/** Some chunks of candidates, one request each. Safe to repeat: a chunk is written once and read ever after. */
export const sampleCandidates =
  (dependencies: ModelDependencies) =>
  async (i: SampleInput): Promise<SampleResult> => {
    const elapsed = stopwatch();
    const chunks = Array.from({ length: i.chunks }, (_, offset) => i.firstChunk + offset);
    const width = Math.max(1, Math.floor(SAMPLES_AT_ONCE / i.settings.chunk));
    const sampled = await whileHeartbeating(
      inParallel(chunks, width, async (chunk, signal) => {
        const stored = await sampleChunk(dependencies, i, chunk, signal);
        // The programs themselves lie in the bucket; a step of many chunks must not hold them all.
        return {
          candidates: stored.length,
          discarded: stored.flatMap(({ discarded }) => discarded ?? []),
          tokens: stored.reduce((sum, { tokens }) => sum + tokens, 0),
        };
      }),
    );
    return {
      candidates: sampled.reduce((sum, { candidates }) => sum + candidates, 0),
      discarded: countReasons(sampled.flatMap(({ discarded }) => discarded)),
      tokens: sampled.reduce((sum, { tokens }) => sum + tokens, 0),
      seconds: elapsed(),
    };
  };

const sampleChunk = (
  { store, model }: ModelDependencies,
  i: SampleInput,
  index: number,
  signal: AbortSignal,
): Promise<Candidate[]> =>
  store.onceLines(layout.candidates(i, i.iteration, i.problemId, index), Candidate, async () => {
    const work = (folder: string) => layout.work(i, i.iteration, folder, `${i.problemId}.json`);
    const [set, problem, { skeleton }] = await Promise.all([
      campaignPrompts(store, i),
      store.readJson(work('problems'), Problem),
      store.readJson(work('skeletons'), Skeleton),
    ]);
    const { styles } = set.stages.solve;
    const chunk = planOf(i, styles.length)[index];
    const style = chunk && styles[chunk.style];
    if (!chunk || !style) {
      throw new UcoderError('internal', `${i.problemId} has no chunk ${index} of candidates.`);
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
    const { choices } = await model.ask(request, signal);
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

const planOf = (i: SampleInput, styles: number): Chunk[] => {
  const index = Number(i.problemId.slice(1));
  const seed = deriveSeed({ seed: i.seed, iteration: i.iteration, stage: 'solve', index });
  return chunkPlan(i.settings, { seed, styles, problemIndex: i.problemIndex });
};
