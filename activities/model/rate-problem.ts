import { combineCriteria } from '../../core/judging/combine-criteria.ts';
import { readJudgeAnswer } from '../../core/judging/judge-answer.ts';
import { likelihoodRating } from '../../core/judging/likelihood-score.ts';
import type { Problem, Rating } from '../../core/problems/problem.ts';
import type { Parsed } from '../../core/prompts/parsed.ts';
import { problemValues } from '../../core/prompts/problem-values.ts';
import type { AskedJudge, LikelihoodJudge, PromptSet } from '../../core/prompts/prompt-set.ts';
import { renderScoring, renderStage } from '../../core/prompts/render.ts';
import type { ModelClient } from './model-request.ts';
import { stageRequest } from './model-step.ts';

export type Judge = { model: ModelClient; servedModel: string; set: PromptSet; seed: number };
export type JudgedText = Pick<Problem, 'functionName' | 'signature' | 'docstring'>;
export type RatedProblem = { rating: Parsed<Rating>; tokens: number };

/** Rates one problem, criterion after criterion, as the prompt set says. */
export const rateProblem = (
  judge: Judge,
  problem: JudgedText,
  signal: AbortSignal,
): Promise<RatedProblem> => {
  const stage = judge.set.stages.judge;
  return stage.form === 'log-likelihood'
    ? scored(judge, stage, problem, signal)
    : asked(judge, stage, problem, signal);
};

const asked = async (
  { model, servedModel, set, seed }: Judge,
  stage: AskedJudge,
  problem: JudgedText,
  signal: AbortSignal,
): Promise<RatedProblem> => {
  let tokens = 0;
  const answers = [];
  for (const { name, text: criterion } of stage.criteria) {
    const prompt = renderStage(set, 'judge', { ...problemValues(problem), criterion });
    const request = stageRequest(set, 'judge', prompt, { model: servedModel, seed, samples: 1 });
    const answer = await model.ask(request, signal);
    tokens += answer.tokens;
    const choice = answer.choices[0];
    const text = prompt.prefix + (choice?.text ?? '');
    const read = readJudgeAnswer({ text, positions: choice?.positions ?? [] }, stage);
    answers.push({ criterion: name, answer: read });
  }
  return { rating: combineCriteria(answers), tokens };
};

/** Nothing is sampled: no completion tokens. */
const scored = async (
  { model, servedModel }: Judge,
  stage: LikelihoodJudge,
  problem: JudgedText,
  signal: AbortSignal,
): Promise<RatedProblem> => {
  const criteria = [];
  for (const { criterion, given, scored } of renderScoring(stage, {
    ...problemValues(problem),
    criterion: '',
  })) {
    const logprobs = await model.score({ model: servedModel, given, scored }, signal);
    criteria.push({ criterion, logprobs });
  }
  return { rating: likelihoodRating(criteria), tokens: 0 };
};
