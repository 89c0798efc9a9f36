import { UcoderError } from '../../core/errors.ts';
import { Answer, Question } from '../../core/evaluation/question.ts';
import { layout } from '../../core/layout.ts';
import type { PromptSet } from '../../core/prompts/prompt-set.ts';
import { readSolution } from '../../core/prompts/read-solution.ts';
import { plainStyle, solvePrompt } from '../../core/prompts/solve-prompt.ts';
import { whileHeartbeating } from '../context.ts';
import { type ModelStepContext, type StepMeasures, stopwatch } from '../step.ts';
import { inParallel } from './in-parallel.ts';
import type { ModelClient } from './model-request.ts';
import { campaignPrompts, DEFAULT_WIDTH, type ModelDependencies, stageRequest } from './model-step.ts';

export type AnswerInput = ModelStepContext & {
  set: string;
  /** The iteration under which the questions lie. */
  questionsIteration: number;
  chunk: number;
  /** Questions from this position up to but not including `to`. */
  from: number;
  to: number;
  maxTokens: number;
};
export type AnswerResult = StepMeasures & { answered: number };

/** Greedy, one sample, asked as candidates are. Safe to repeat: the chunk is written once and read ever after. */
export const answerQuestions =
  ({ store, model, width = DEFAULT_WIDTH }: ModelDependencies) =>
  async (i: AnswerInput): Promise<AnswerResult> => {
    const elapsed = stopwatch();
    const key = layout.work(i, i.iteration, 'answers', `${i.set}-${i.chunk}.jsonl`);
    const stored = await store.onceLines(key, Answer, async () => {
      const set = await campaignPrompts(store, i);
      const questionsKey = layout.work(i, i.questionsIteration, 'questions', `${i.set}.jsonl`);
      const questions = (await store.readJsonLines(questionsKey, Question)).slice(i.from, i.to);
      const answered = await whileHeartbeating(
        inParallel(questions, width, (question, signal) => answer(model, set, question, i, signal)),
      );
      const refusals = answered.flatMap(({ refusal }) => refusal ?? []);
      if (refusals[0] && refusals.length === questions.length) throw refusals[0];
      return answered.map(({ line }) => line);
    });
    return {
      answered: stored.length,
      tokens: stored.reduce((sum, { tokens }) => sum + tokens, 0),
      seconds: elapsed(),
    };
  };

/** A single question that the server refuses (longer than its context, say) counts as not answered; if it refuses all, the chunk fails. */
const answer = async (
  model: ModelClient,
  set: PromptSet,
  { id, functionName, prompt: stub }: Question,
  { servedModel, maxTokens }: AnswerInput,
  signal: AbortSignal,
): Promise<{ line: Answer; refusal?: UcoderError }> => {
  const prompt = solvePrompt(set, { functionName, stub }, plainStyle(set));
  const request = stageRequest(set, 'solve', prompt, {
    model: servedModel,
    seed: 0,
    samples: 1,
    temperature: 0,
    topP: 1,
    maxTokens,
  });
  try {
    const { choices, tokens } = await model.ask(request, signal);
    const read = readSolution(prompt.prefix + (choices[0]?.text ?? ''), { functionName, stub });
    const finish = choices[0]?.finish ?? 'other';
    return {
      line: {
        id,
        code: read.ok ? read.value : '',
        tokens,
        finish,
        ...(read.ok ? {} : { discarded: read.reason }),
      },
    };
  } catch (thrown) {
    if (!(thrown instanceof UcoderError && thrown.code === 'model-refused')) throw thrown;
    return { line: { id, code: '', tokens: 0, finish: 'other', discarded: 'refused' }, refusal: thrown };
  }
};
