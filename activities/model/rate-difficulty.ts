import { readJudgeAnswer } from '../../core/judging/judge-answer.ts';
import { type Parsed, parsed, unparsed } from '../../core/prompts/parsed.ts';
import { problemValues } from '../../core/prompts/problem-values.ts';
import { renderStage } from '../../core/prompts/render.ts';
import { stageRequest } from './model-step.ts';
import type { Judge, JudgedText } from './rate-problem.ts';

/** How difficult the judge finds one problem, from 0 to 1; not-asked where the prompt set has no such stage. */
export const rateDifficulty = async (
  { model, servedModel, set, seed }: Judge,
  problem: JudgedText,
  signal: AbortSignal,
): Promise<{ difficulty: Parsed<number>; tokens: number }> => {
  const stage = set.stages.difficulty;
  if (!stage) return { difficulty: unparsed('not-asked'), tokens: 0 };
  const prompt = renderStage(set, 'difficulty', problemValues(problem));
  const request = stageRequest(set, 'difficulty', prompt, { model: servedModel, seed, samples: 1 });
  const { choices, tokens } = await model.ask(request, signal);
  const [choice] = choices;
  const text = prompt.prefix + (choice?.text ?? '');
  const read = readJudgeAnswer({ text, positions: choice?.positions ?? [] }, stage);
  return { difficulty: read.ok ? parsed(Math.round(read.value.score * 10_000) / 10_000) : read, tokens };
};
