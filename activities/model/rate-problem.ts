import { combineCriteria } from '../../core/judging/combine-criteria.ts';
import { readJudgeAnswer } from '../../core/judging/judge-answer.ts';
import type { Problem, Rating } from '../../core/problems/problem.ts';
import type { Parsed } from '../../core/prompts/parsed.ts';
import { problemValues } from '../../core/prompts/problem-values.ts';
import type { PromptSet } from '../../core/prompts/prompt-set.ts';
import { renderStage } from '../../core/prompts/render.ts';
import type { ModelClient } from './model-request.ts';
import { stageRequest } from './model-step.ts';

export type RatedProblem = { rating: Parsed<Rating>; tokens: number };

/** Asks the judge about one problem, criterion after criterion. */
export const rateProblem = async (
  {
    model,
    servedModel,
    set,
    seed,
  }: { model: ModelClient; servedModel: string; set: PromptSet; seed: number },
  problem: Pick<Problem, 'functionName' | 'signature' | 'docstring'>,
  signal: AbortSignal,
): Promise<RatedProblem> => {
  const stage = set.stages.judge;
  let tokens = 0;
  const answers = [];
  for (const { name, text } of stage.criteria) {
    const prompt = renderStage(set, 'judge', { ...problemValues(problem), criterion: text });
    const request = stageRequest(set, 'judge', prompt, { model: servedModel, seed, samples: 1 });
    const asked = await model.ask(request, signal);
    tokens += asked.tokens;
    const choice = asked.choices[0];
    const answer = readJudgeAnswer(
      { text: prompt.prefix + (choice?.text ?? ''), positions: choice?.positions ?? [] },
      stage,
    );
    answers.push({ criterion: name, answer });
  }
  return { rating: combineCriteria(answers), tokens };
};
