/** Reads a judge's answer: the score from the probabilities of its score tokens, and its sentence where it wrote one. */
import { z } from 'zod';
import { parseJsonForm } from '../prompts/json-form.ts';
import { type Parsed, parsed, unparsed } from '../prompts/parsed.ts';
import type { DifficultyStage } from '../prompts/prompt-set.ts';
import { type ExpectedScore, expectedScore, type ScoredToken, scorePosition } from './expected-score.ts';

export type JudgeAnswer = ExpectedScore & { summary: string };

/** The paper's template of a rating: score and summary. Scores that are numbers are asked for as numbers. */
export const judgeAnswerSchema = (scale: DifficultyStage['scale']) => {
  const tokens = Object.keys(scale);
  const score = tokens.every((token) => /^\d+$/.test(token))
    ? z.literal(tokens.map(Number))
    : z.enum(tokens as [string, ...string[]]);
  return z.strictObject({ score, summary: z.string().max(600) });
};

/** Looks ahead of the colon only: the quote behind it may begin another field. */
const SCORE_FIELD = /"score"\s*:(?=(\s*"?))/g;

export const readJudgeAnswer = (
  answer: { text: string; positions: readonly ScoredToken[] },
  stage: Pick<DifficultyStage, 'form' | 'scale'>,
): Parsed<JudgeAnswer> => {
  const marker = stage.form === 'json-schema' ? SCORE_FIELD : undefined;
  const position = scorePosition(answer.positions, stage.scale, marker);
  const score = position ? expectedScore(position, stage.scale) : unparsed('no-score-token');
  if (!score.ok) return score;
  if (stage.form === 'regex') return parsed({ ...score.value, summary: '' });
  const read = parseJsonForm(answer.text, judgeAnswerSchema(stage.scale));
  return read.ok ? parsed({ ...score.value, summary: read.value.summary }) : read;
};
