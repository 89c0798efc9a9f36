/** A programming problem as the model proposed it and as every later stage reads it. */
import { z } from 'zod';

/** The paper's four domains of problems. */
export const PROBLEM_DOMAINS = [
  'basic-algorithm',
  'natural-instruction',
  'tool-usage',
  'competitive-programming',
] as const;

export const Problem = z.object({
  id: z.string().describe('p0001, p0002, … in the order of proposal within an iteration.'),
  domain: z.enum(PROBLEM_DOMAINS),
  topic: z.string().describe('The seed topic it grew from.'),
  functionName: z.string().describe('A Python identifier.'),
  signature: z.string().describe('The def line with type hints, ending in a colon.'),
  docstring: z.string().describe('What the function returns; plain text without triple quotes.'),
});
export type Problem = z.infer<typeof Problem>;

/** The judge's verdict on one problem. */
export const Rating = z.object({
  score: z
    .number()
    .min(0)
    .max(1)
    .describe('Expected score over the score tokens’ probabilities, scaled to 0…1.'),
  reason: z.string().describe('The judge’s one sentence, or how the score came about.'),
  scores: z.record(z.string(), z.number()).describe('Score by criterion: clarity, completeness, difficulty.'),
  distribution: z.record(z.string(), z.number()).describe('Probability of each score token.'),
});
export type Rating = z.infer<typeof Rating>;

/** One line of problems.jsonl: a problem and what became of it. */
export const JudgedProblem = z.object({
  problem: Problem,
  rating: Rating,
  refined: z.boolean().describe('Whether the problem was rewritten once before this rating.'),
  firstRating: Rating.optional().describe('The rating before the rewrite.'),
  difficulty: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'The judge’s, 0 for the easiest; asked of accepted problems where the campaign has a curriculum.',
    ),
  accepted: z.boolean(),
  reason: z.string().optional().describe('Why it was not accepted.'),
});
export type JudgedProblem = z.infer<typeof JudgedProblem>;
