/** The settings of the curriculum: a part of the one schema of a campaign file. */
import { z } from 'zod';

/** At 0 and at 1 nothing is left to agree or to disagree on. */
const difficulty = z.number().min(0.05).max(0.95);

export const CurriculumConfig = z.strictObject({
  start: difficulty
    .default(0.3)
    .describe('Target difficulty of the first iteration: the share of candidates that do not agree.'),
  end: difficulty
    .default(0.5)
    .describe('Target difficulty from iteration `pace` on; not below start: easy problems come first.'),
  pace: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('Iterations in which the target goes from start to end in equal steps; 1 begins at end.'),
  exploration: z
    .number()
    .gt(0)
    .max(1)
    .default(0.2)
    .describe('Share of the problems that is spread evenly over all topics, whatever was measured.'),
  memory: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      'What a measured problem still counts one iteration later; 0 looks at the last iteration only.',
    ),
  prior: z
    .number()
    .gt(0)
    .max(1000)
    .default(2)
    .describe('Measured problems from which a topic’s own measure outweighs that of its domain.'),
  surplus: z
    .number()
    .min(0)
    .max(4)
    .default(0.25)
    .describe('Accepted problems beyond problems.count, as a share of it; those nearest to the target stay.'),
});
export type CurriculumConfig = z.infer<typeof CurriculumConfig>;
