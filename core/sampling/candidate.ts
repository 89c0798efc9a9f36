/** One sampled solution, as a line of candidates/<problem>/<chunk>.jsonl. */
import { z } from 'zod';

export const Candidate = z.strictObject({
  id: z.string().describe('c0001, c0002, … over all chunks of a problem.'),
  code: z.string().describe('The Python module extracted from the answer; empty where there was none.'),
  style: z.string().describe('The algorithmic style that its prompt asked for.'),
  temperature: z.number(),
  seed: z.int().describe('The effective seed of this sample.'),
  tokens: z.int().min(0).describe('Completion tokens of the answer.'),
  perplexity: z
    .number()
    .min(1)
    .nullable()
    .describe('exp(mean negative log-probability) of the answer’s tokens.'),
  finish: z.enum(['stop', 'length', 'other']),
  discarded: z.string().optional().describe('Why no program could be read from the answer.'),
});
export type Candidate = z.infer<typeof Candidate>;
