/** pass@1 of one model on one set of questions, and how it compares with the base model question by question. */
import { z } from 'zod';

const fraction = z.number().min(0).max(1);

/** Two models on the same questions. Counts of questions, not of tests. */
export const PairedComparison = z.object({
  gained: z.int().min(0).describe('Questions that the base failed and this model passes.'),
  lost: z.int().min(0).describe('Questions that the base passed and this model fails.'),
  p: fraction.describe('Two-sided exact sign test over gained and lost (1 where both are 0).'),
});
export type PairedComparison = z.infer<typeof PairedComparison>;

export const Score = z.object({
  passAt1: fraction.describe('passed / total; greedy, one sample; 0 where there is no question.'),
  passed: z.int().min(0),
  total: z.int().min(0),
  low: fraction.describe('95 % Wilson interval.'),
  high: fraction,
  tokens: z.int().min(0).describe('Completion tokens of all answers.'),
  againstBase: PairedComparison.optional().describe('Absent for the base itself.'),
});
export type Score = z.infer<typeof Score>;

/** One line of validation.jsonl or evaluation/<benchmark>.jsonl. */
export const ScoredAnswer = z.object({
  id: z.string().describe('Id of the question.'),
  passed: z.boolean().describe('Whether every test passed.'),
  outcomes: z.record(z.string(), z.int().min(1)).describe('Number of tests by outcome.'),
  tokens: z.int().min(0),
  finish: z.enum(['stop', 'length', 'other']),
  code: z.string(),
  discarded: z.string().optional(),
});
export type ScoredAnswer = z.infer<typeof ScoredAnswer>;
