/** One example as readers of the dataset find it: a chat, and where it comes from. */
import { z } from 'zod';

export const ChatMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** Names are those of a data frame, since Python reads them. */
export const DatasetRow = z.strictObject({
  messages: z.array(ChatMessage).min(2).describe('The question and, last, the answer to learn.'),
  problem_id: z.string(),
  iteration: z.int().min(1).describe('The iteration that selected the answer.'),
  function_name: z.string(),
  candidate_id: z.string().describe('The selected candidate of the problem.'),
});
export type DatasetRow = z.infer<typeof DatasetRow>;
