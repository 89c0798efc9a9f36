/** What the stage sketch stores for one problem. */
import { z } from 'zod';

export const Skeleton = z.strictObject({
  skeleton: z.string().min(1).describe('Imports, typed signature, and a docstring with the plan; no body.'),
  discarded: z
    .string()
    .optional()
    .describe('Why the model’s sketch was not used; the skeleton is the problem’s own stub then.'),
  tokens: z.int().min(0).describe('Completion tokens.'),
});
export type Skeleton = z.infer<typeof Skeleton>;
