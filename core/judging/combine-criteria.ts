/** One rating from the answers to all criteria. */
import type { Rating } from '../problems/problem.ts';
import { type Parsed, parsed } from '../prompts/parsed.ts';
import type { JudgeAnswer } from './judge-answer.ts';

/** The score is the mean over the criteria, and so is the distribution. The first reason without a score stands for all. */
export const combineCriteria = (
  answers: readonly { criterion: string; answer: Parsed<JudgeAnswer> }[],
): Parsed<Rating> => {
  const scores: Record<string, number> = {};
  const distribution: Record<string, number> = {};
  const summaries: string[] = [];
  for (const { criterion, answer } of answers) {
    if (!answer.ok) return answer;
    scores[criterion] = rounded(answer.value.score);
    for (const [token, probability] of Object.entries(answer.value.distribution)) {
      distribution[token] = (distribution[token] ?? 0) + probability / answers.length;
    }
    if (answer.value.summary.trim() !== '') summaries.push(answer.value.summary.trim());
  }
  const values = Object.values(scores);
  const score = values.reduce((sum, value) => sum + value, 0) / values.length;
  const told = Object.entries(scores).map(([criterion, value]) => `${criterion} ${value.toFixed(2)}`);
  return parsed({
    score: rounded(score),
    reason: summaries.join(' ') || `expected score: ${told.join(', ')}`,
    scores,
    distribution: Object.fromEntries(
      Object.entries(distribution).map(([token, probability]) => [token, rounded(probability)]),
    ),
  });
};

/** Differences below are noise of the server's arithmetic. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
