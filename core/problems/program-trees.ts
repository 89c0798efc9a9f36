/** What infra/trainer/ucoder_trainer/trees.py says of a program: a line of its output, and of what is kept of it. */
import { z } from 'zod';

export const ProgramTrees = z.object({
  /** Of a problem, or of a benchmark’s task. */
  id: z.string(),
  /** Fingerprints of the program and of its functions’ bodies, as far as they are large enough to mean anything. */
  trees: z.array(z.string()).default([]),
  /** Why there are none; absent for a program that was read. */
  unreadable: z.string().optional(),
});
export type ProgramTrees = z.infer<typeof ProgramTrees>;
