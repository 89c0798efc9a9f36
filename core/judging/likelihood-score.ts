/**
 * A score for models too small to give an opinion (their yes and no are a coin's): how probable they find the
 * problem's own words, token by token. What is garbled, broken off, or about something else surprises them.
 */
import type { Rating } from '../problems/problem.ts';
import { type Parsed, parsed, unparsed } from '../prompts/parsed.ts';

/** The log-probabilities of a criterion's tokens. */
export type ScoredCriterion = { criterion: string; logprobs: readonly number[] };

/**
 * The geometric mean over the criteria of each one's geometric mean token probability, which is one over its
 * perplexity (Jelinek, Mercer, Bahl and Baker, J. Acoust. Soc. Am. 62, 1977): one long criterion does not outweigh a
 * short one.
 */
export const likelihoodRating = (criteria: readonly ScoredCriterion[]): Parsed<Rating> => {
  const means: [string, number][] = [];
  for (const { criterion, logprobs } of criteria) {
    if (logprobs.length === 0) return unparsed('nothing-scored');
    const sum = logprobs.reduce((total, value) => total + Math.min(0, value), 0);
    means.push([criterion, sum / logprobs.length]);
  }
  const mean = means.reduce((total, [, value]) => total + value, 0) / means.length;
  const scores = Object.fromEntries(means.map(([name, value]) => [name, rounded(Math.exp(value))]));
  const told = Object.entries(scores).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return parsed({
    score: rounded(Math.exp(mean)),
    reason: `probability of a token: ${told.join(', ')}`,
    scores,
    distribution: {},
  });
};

/** Differences below are noise of the server's arithmetic. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
