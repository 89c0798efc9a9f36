/** What the served model is asked for a score, how it answered, and how each answer did. One JSON line each. */
import { z } from 'zod';
import { ExecutionId, ExecutionTest, Outcome } from '../execution/batch.ts';

/** One question of a set: a held-out problem of the campaign’s own, or a benchmark’s. */
export const Question = z.strictObject({
  id: ExecutionId.describe(
    'Unique in its set, and the same in every iteration, so that scores can be paired.',
  ),
  functionName: z.string().min(1).describe('The function that the answer must define.'),
  prompt: z.string().min(1).describe('A stub: imports and helpers, signature and docstring.'),
});
export type Question = z.infer<typeof Question>;

/** The model’s greedy answer to a question. */
export const Answer = z.strictObject({
  id: ExecutionId.describe('Id of the question.'),
  code: z.string().describe('The Python module extracted from the answer; empty where there was none.'),
  tokens: z.int().min(0).describe('Completion tokens.'),
  finish: z.enum(['stop', 'length', 'other']),
  discarded: z.string().optional().describe('Why no program could be read from the answer.'),
});
export type Answer = z.infer<typeof Answer>;

/** The hidden tests of a question. Kept apart from it, so that no prompt can carry them. */
export const QuestionTests = z.strictObject({
  id: ExecutionId.describe('Id of the question.'),
  tests: z.array(ExecutionTest).min(1),
});
export type QuestionTests = z.infer<typeof QuestionTests>;

/** How one answer did: outcomes and outputs follow the question’s tests. */
export const AnswerVerdict = z.strictObject({
  id: ExecutionId.describe('Id of the question.'),
  outcomes: z.array(Outcome),
  outputs: z.array(z.string().nullable()),
});
export type AnswerVerdict = z.infer<typeof AnswerVerdict>;
