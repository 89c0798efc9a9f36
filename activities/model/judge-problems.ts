/** The quality oracle: rates a batch, rewrites what lies below the threshold once, rates that again, discards the rest. */
import { z } from 'zod';
import type { ProblemsConfig } from '../../core/config/campaign-config.ts';
import { judgeBatch } from '../../core/judging/judge-batch.ts';
import { keptByThreshold } from '../../core/judging/threshold.ts';
import { layout } from '../../core/layout.ts';
import { CurriculumPlan } from '../../core/problems/curriculum/curriculum-plan.ts';
import { topicKey } from '../../core/problems/curriculum/topic-estimates.ts';
import { JudgedProblem, Problem, Rating } from '../../core/problems/problem.ts';
import { difficultyLevel } from '../../core/prompts/difficulty-level.ts';
import { problemValues } from '../../core/prompts/problem-values.ts';
import type { PromptSet } from '../../core/prompts/prompt-set.ts';
import { readProblem } from '../../core/prompts/read-problem.ts';
import { renderStage } from '../../core/prompts/render.ts';
import { deriveSeed } from '../../core/sampling/derive-seed.ts';
import { whileHeartbeating } from '../context.ts';
import {
  countReasons,
  type ModelStepContext,
  type ReasonCounts,
  type StepMeasures,
  stopwatch,
} from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { inParallel } from './in-parallel.ts';
import { campaignPrompts, DEFAULT_WIDTH, type ModelDependencies, stageRequest } from './model-step.ts';
import { rateDifficulty } from './rate-difficulty.ts';
import { rateProblem } from './rate-problem.ts';

export type JudgeInput = ModelStepContext & {
  batch: number;
  minScore: ProblemsConfig['minScore'];
  refine: boolean;
  /** Key of the iteration’s curriculum, where it has one: accepted problems are rated for difficulty as well. */
  plan?: string;
};
export type JudgeResult = StepMeasures & {
  accepted: number;
  refined: number;
  discarded: ReasonCounts;
  scores: number[];
};

/** One judged version of a problem. Stored for each, so that a retry repeats only requests in flight. */
const Judged = z.strictObject({
  problem: Problem,
  rating: Rating.nullable(),
  reason: z.string().optional().describe('Why there is no rating.'),
  tokens: z.int(),
});
type Judged = z.infer<typeof Judged>;

const Difficulty = z.strictObject({
  difficulty: z.number().nullable(),
  reason: z.string().optional().describe('Why there is none.'),
  tokens: z.int(),
});

/** Safe to repeat: each rating, each rewrite and the batch are written once and read ever after. */
export const judgeProblems =
  ({ store, model, width = DEFAULT_WIDTH }: ModelDependencies) =>
  async (i: JudgeInput): Promise<JudgeResult> => {
    const elapsed = stopwatch();
    const key = (folder: string, file: string) => layout.work(i, i.iteration, folder, file);
    const problems = await store.readJsonLines(key('proposals', `${i.batch}.jsonl`), Problem);
    const set = await campaignPrompts(store, i);
    const asked = await askedDifficulties(store, i.plan);
    const seedOf = (stage: string, problem: Problem) =>
      deriveSeed({ seed: i.seed, iteration: i.iteration, stage, index: Number(problem.id.slice(1)) });

    const rate = async (problem: Problem, signal: AbortSignal): Promise<Judged> => {
      const seed = seedOf('judge', problem);
      const asking = { model, servedModel: i.servedModel, set, seed };
      const { rating, tokens } = await rateProblem(asking, problem, signal);
      return rating.ok
        ? { problem, rating: rating.value, tokens }
        : { problem, rating: null, reason: rating.reason, tokens };
    };

    const rewrite = async ({ problem, rating }: Judged, signal: AbortSignal): Promise<Judged> => {
      const prompt = refinePrompt(set, problem, {
        reason: rating?.reason ?? '',
        difficulty: difficultyLevel(set, asked.get(topicKey(problem))),
      });
      const seed = seedOf('refine', problem);
      const request = stageRequest(set, 'refine', prompt, { model: i.servedModel, seed, samples: 1 });
      const { choices, tokens } = await model.ask(request, signal);
      const read = readProblem(prompt.prefix + (choices[0]?.text ?? ''), set.stages.refine);
      if (!read.ok) return { problem, rating: null, reason: `rewrite: ${read.reason}`, tokens };
      const again = await rate({ ...problem, ...read.value }, signal);
      return { ...again, tokens: again.tokens + tokens };
    };

    const difficultyOf = async (
      problem: Problem,
      signal: AbortSignal,
    ): Promise<z.infer<typeof Difficulty>> => {
      const asking = { model, servedModel: i.servedModel, set, seed: seedOf('difficulty', problem) };
      const { difficulty, tokens } = await rateDifficulty(asking, problem, signal);
      return difficulty.ok
        ? { difficulty: difficulty.value, tokens }
        : { difficulty: null, reason: difficulty.reason, tokens };
    };

    const first = await whileHeartbeating(
      inParallel(problems, width, (problem, signal) =>
        store.once(key('ratings', `${problem.id}.json`), Judged, () => rate(problem, signal)),
      ),
    );
    const kept = keptByThreshold(
      first.map(({ rating }) => rating?.score ?? null),
      i.minScore,
    );
    const low = i.refine ? first.filter((_, index) => !kept[index]) : [];
    const rewritten = await whileHeartbeating(
      inParallel(low, width, (judged, signal) =>
        store.once(key('rewrites', `${judged.problem.id}.json`), Judged, () => rewrite(judged, signal)),
      ),
    );
    const judged = judgeBatch(first, rewritten, i.minScore);
    const difficult = i.plan !== undefined && set.stages.difficulty ? judged.filter(isAccepted) : [];
    const difficulties = await whileHeartbeating(
      inParallel(difficult, width, async ({ problem }, signal) => ({
        id: problem.id,
        ...(await store.once(key('difficulties', `${problem.id}.json`), Difficulty, () =>
          difficultyOf(problem, signal),
        )),
      })),
    );
    const lines = await store.onceLines(key('judged', `${i.batch}.jsonl`), JudgedProblem, async () =>
      judged.map((line) => {
        const difficulty = difficulties.find(({ id }) => id === line.problem.id)?.difficulty ?? null;
        return difficulty === null ? line : { ...line, difficulty };
      }),
    );
    return {
      accepted: lines.filter(isAccepted).length,
      refined: lines.filter(({ refined }) => refined).length,
      discarded: countReasons(
        lines.flatMap(({ accepted, reason }) => (accepted ? [] : [reason ?? 'unknown'])),
      ),
      scores: lines.map(({ rating }) => Math.round(rating.score * 1000) / 1000),
      tokens: [...first, ...rewritten, ...difficulties].reduce((sum, { tokens }) => sum + tokens, 0),
      seconds: elapsed(),
    };
  };

const isAccepted = ({ accepted }: JudgedProblem): boolean => accepted;

/** By topic; empty where there is no curriculum. */
const askedDifficulties = async (
  store: ObjectStore,
  plan: string | undefined,
): Promise<ReadonlyMap<string, number>> => {
  if (plan === undefined) return new Map();
  const { topics } = await store.readJson(plan, CurriculumPlan);
  return new Map(topics.map((topic) => [topicKey(topic), topic.asked]));
};

const refinePrompt = (
  set: PromptSet,
  problem: Problem,
  { reason, difficulty }: { reason: string; difficulty: string },
) =>
  renderStage(set, 'refine', {
    ...problemValues(problem),
    topic: problem.topic,
    domain: problem.domain,
    draft: `${problem.signature} ${problem.docstring}`,
    reason,
    difficulty,
  });
