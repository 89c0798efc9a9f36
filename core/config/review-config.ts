/** The settings of human review: a part of the one schema of a campaign file. */
import { z } from 'zod';

const fraction = z.number().min(0).max(1);

/** Each costs the campaign’s history some 25 events, of 4,096, and all are carried along. */
export const MOST_REVIEWS = 100;

/** Ten years and more: what a timer and a date can hold. */
export const MOST_HOURS = 100_000;

export const ReviewConfig = z.strictObject({
  when: z
    .enum(['never', 'low-consensus', 'sample'])
    .default('never')
    .describe(
      'Which selections wait for a person: none, those of clusters below review.threshold, or a drawn share.',
    ),
  threshold: fraction
    .default(0.3)
    .describe(
      'Share of all candidates in the chosen cluster below which a selection is doubtful (low-consensus).',
    ),
  share: fraction.default(0.05).describe('Share of the selections that is drawn (sample).'),
  most: z
    .int()
    .min(1)
    .max(MOST_REVIEWS)
    .default(MOST_REVIEWS)
    .describe(
      'Selections of one iteration that a person is asked about at most; review.otherwise holds for those beyond.',
    ),
  hours: z
    .number()
    .gt(0)
    .max(MOST_HOURS)
    .default(24)
    .describe('Hours after which nobody is waited for any longer.'),
  otherwise: z
    .enum(['accept', 'reject'])
    .default('accept')
    .describe('What becomes of a selection about which nobody decides in time.'),
});
export type ReviewConfig = z.infer<typeof ReviewConfig>;
