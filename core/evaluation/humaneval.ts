/** HumanEval’s lines (github.com/openai/human-eval, MIT) as questions and hidden tests. */
import { z } from 'zod';
import type { Reference } from '../problems/contamination.ts';
import type { Question, QuestionTests } from './question.ts';

export const HumanEvalTask = z.object({
  task_id: z.string(),
  prompt: z.string(),
  entry_point: z.string(),
  canonical_solution: z.string(),
  test: z.string(),
});
export type HumanEvalTask = z.infer<typeof HumanEvalTask>;

export const humanEvalQuestion = ({ task_id, entry_point, prompt }: HumanEvalTask): Question => ({
  id: task_id,
  functionName: entry_point,
  prompt,
});

/** The benchmark’s own check, called as its reference harness calls it. */
export const humanEvalTests = ({ task_id, entry_point, test }: HumanEvalTask): QuestionTests => ({
  id: task_id,
  tests: [{ id: 'check', program: `${test}\ncheck(${entry_point})\n` }],
});

/** What must not be trained on. */
export const humanEvalReference = ({ task_id, prompt, canonical_solution }: HumanEvalTask): Reference => ({
  id: task_id,
  prompt,
  solution: canonical_solution,
});
