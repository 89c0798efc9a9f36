/**
 * The judge's score: the expectation over the probabilities of the score tokens, not the token that was
 * sampled (G-Eval, Liu et al., arXiv 2303.16634, section 2). Sampled self-ratings saturate near the top; the
 * expectation still tells 0.9 from 0.99.
 */
import { type Parsed, parsed, unparsed } from '../prompts/parsed.ts';

/** One position of an answer: the token there and the likeliest tokens with their log-probabilities. */
export type ScoredToken = { token: string; top: readonly { token: string; logprob: number }[] };

export type ExpectedScore = {
  /** From 0 to 1. */
  score: number;
  /** Probability of each score token, normalised over them. */
  distribution: Record<string, number>;
};

const normal = (token: string): string => token.trim().toLowerCase();

/** The expectation at one position. No score token among the likeliest: there is none. */
export const expectedScore = (
  position: ScoredToken,
  scale: Readonly<Record<string, number>>,
): Parsed<ExpectedScore> => {
  const mass = new Map(Object.keys(scale).map((token) => [normal(token), 0]));
  for (const { token, logprob } of position.top) {
    const before = mass.get(normal(token));
    if (before !== undefined) mass.set(normal(token), before + Math.exp(logprob));
  }
  const total = [...mass.values()].reduce((sum, value) => sum + value, 0);
  if (total === 0) return unparsed('no-score-token');
  const distribution: Record<string, number> = {};
  let score = 0;
  for (const [token, worth] of Object.entries(scale)) {
    const probability = (mass.get(normal(token)) ?? 0) / total;
    distribution[token] = probability;
    score += probability * worth;
  }
  return parsed({ score: Math.min(1, Math.max(0, score)), distribution });
};

/**
 * The first position right behind `marker` whose own token is a score token; without a marker, the first at all.
 * `marker` is global, and its group holds what may stand between it and the score.
 */
export const scorePosition = (
  tokens: readonly ScoredToken[],
  scale: Readonly<Record<string, number>>,
  marker?: RegExp,
): ScoredToken | undefined => {
  if (!marker) return tokens.find(({ token }) => token.trim() !== '');
  const wanted = new Set(Object.keys(scale).map(normal));
  const isBehindMarker = placesBehind(marker, tokens.map(({ token }) => token).join(''));
  let at = 0;
  for (const position of tokens) {
    if (isBehindMarker[at] === 1 && wanted.has(normal(position.token))) return position;
    at += position.token.length;
  }
  return undefined;
};

/** Found once in the whole text: a look back from each token would read all before it anew. */
const placesBehind = (marker: RegExp, text: string): Uint8Array => {
  const places = new Uint8Array(text.length + 1);
  for (const { index, 0: found, 1: between = '' } of text.matchAll(marker)) {
    const end = index + found.length;
    places.fill(1, end, end + between.length + 1);
  }
  return places;
};
