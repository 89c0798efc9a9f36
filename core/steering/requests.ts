/** What a person may ask of a running campaign: the arguments of its updates, as the command and Temporal’s own send them. */
import { z } from 'zod';
import { explainIssues, pathText } from '../config/explain-issues.ts';
import { UcoderError } from '../errors.ts';
import { plainText } from '../prompts/plain-text.ts';
import { RequestedChanges } from './campaign-changes.ts';

/** What a person writes, as one line: it stands in tables and on terminals. Its length is that of what was sent, which the history keeps. */
const line = (longest: number) =>
  z
    .string()
    .max(longest)
    .overwrite((text) => plainText(text).replace(/\s+/g, ' ').trim());

const whoAndWhy = {
  by: line(100).min(1).default('somebody').describe('Who asks; stands in the report.'),
  reason: line(500).default('').describe('Why; stands in the report.'),
};

/** Of a problem or a candidate. */
const id = z.string().min(1).max(100);

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
  problem: id.describe('Whose selection waits.'),
  decision: z.enum(DECISIONS),
  candidate: id.optional().describe('The one to take instead, with replace.'),
  ...whoAndWhy,
});
export type ReviewRequest = z.infer<typeof ReviewRequest>;

/** Of an answer; its beginning tells enough. */
const MOST_LINES = 20;
const LONGEST_LINE = 400;

/** Thrown: invalid-input, a line for each thing that is wrong. Nothing at all counts as an empty request. */
export const readRequest = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const lines = explainIssues(parsed.error, schema).map(({ path, message }) => {
    const place = pathText(path).slice(0, LONGEST_LINE / 2);
    return `${place || 'the request'}: ${message}`.slice(0, LONGEST_LINE);
  });
  const rest = lines.length - MOST_LINES;
  const shown = [...lines.slice(0, MOST_LINES), ...(rest > 0 ? [`and ${rest} more`] : [])];
  throw new UcoderError('invalid-input', shown.join('\n'));
};
