/** What a person may ask of a running campaign: the arguments of its updates, as the command and Temporal’s own send them. */
import { z } from 'zod';
import { explainIssues, pathText } from '../config/explain-issues.ts';
import { UcoderError } from '../errors.ts';
import { RequestedChanges } from './campaign-changes.ts';

const whoAndWhy = {
  by: z.string().trim().min(1).max(100).default('somebody').describe('Who asks; stands in the report.'),
  reason: z.string().trim().max(500).default('').describe('Why; stands in the report.'),
};

export const PauseRequest = z.strictObject(whoAndWhy);
export type PauseRequest = z.infer<typeof PauseRequest>;

export const ResumeRequest = z.strictObject(whoAndWhy);
export type ResumeRequest = z.infer<typeof ResumeRequest>;

/** now gives up what is open; problem lets open problems end; iteration lets the whole iteration end. */
export const STOP_POINTS = ['now', 'problem', 'iteration'] as const;
export type StopPoint = (typeof STOP_POINTS)[number];
export const StopRequest = z.strictObject({ after: z.enum(STOP_POINTS).default('now'), ...whoAndWhy });
export type StopRequest = z.infer<typeof StopRequest>;

export const RetuneRequest = z.strictObject({ settings: RequestedChanges, ...whoAndWhy });
export type RetuneRequest = z.infer<typeof RetuneRequest>;

export const RollbackRequest = z.strictObject({
  to: z.int().min(0).describe('The iteration whose checkpoint is gone back to; 0 is the base model.'),
  ...whoAndWhy,
});
export type RollbackRequest = z.infer<typeof RollbackRequest>;

/** failed: what failed by a fault of ours; the others name the stage from which on everything is done again. */
export const RETRY_POINTS = ['failed', 'problems', 'train', 'validate'] as const;
export type RetryPoint = (typeof RETRY_POINTS)[number];
export const RetryRequest = z.strictObject({
  from: z.enum(RETRY_POINTS).default('failed').describe('Where it begins.'),
  iteration: z.int().min(1).optional().describe('Which; without it the one at hand, or the last.'),
  ...whoAndWhy,
});
export type RetryRequest = z.infer<typeof RetryRequest>;

export const DECISIONS = ['accept', 'reject', 'replace'] as const;
export const ReviewRequest = z.strictObject({
  problem: z.string().min(1).describe('Whose selection waits.'),
  decision: z.enum(DECISIONS),
  candidate: z.string().min(1).optional().describe('The one to take instead, with replace.'),
  ...whoAndWhy,
});
export type ReviewRequest = z.infer<typeof ReviewRequest>;

/** Thrown: invalid-input, a line for each thing that is wrong. Nothing at all counts as an empty request. */
export const readRequest = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const lines = explainIssues(parsed.error, schema).map(
    ({ path, message }) => `${pathText(path) || 'the request'}: ${message}`,
  );
  throw new UcoderError('invalid-input', lines.join('\n'));
};
