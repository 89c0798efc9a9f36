/** What `ucoder execute` reads and writes, as docs/contracts.md states it; the campaign uses the same form. */
import { z } from 'zod';
import { LimitsConfig } from '../config/campaign-config.ts';
import { explainIssues } from '../config/explain-issues.ts';

/** Ids reach file names, messages and logs: no control characters, at most 200. */
export const ExecutionId = z
  .string()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'must not contain control characters');

export const CallTest = z.strictObject({
  id: ExecutionId,
  call: z.string(),
  expected: z.string(),
  tolerance: z.number().min(0).optional(),
});
export type CallTest = z.infer<typeof CallTest>;

export const AssertTest = z.strictObject({ id: ExecutionId, assert: z.string() });
export type AssertTest = z.infer<typeof AssertTest>;

export const ProgramTest = z.strictObject({ id: ExecutionId, program: z.string() });
export type ProgramTest = z.infer<typeof ProgramTest>;

/** Chosen by its keys, so that a complaint is about the kind that was meant. */
export const ExecutionTest = z.unknown().transform((test, context): CallTest | AssertTest | ProgramTest => {
  const schema = testSchemaFor(test);
  if (!schema) {
    const message = 'a test needs exactly one of call+expected, assert, program';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const parsed = schema.safeParse(test);
  if (parsed.success) return parsed.data;
  for (const { path, message } of explainIssues(parsed.error, schema)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
  return z.NEVER;
});
export type ExecutionTest = CallTest | AssertTest | ProgramTest;

/** Undefined where the keys name no kind, or more than one. */
const testSchemaFor = (
  test: unknown,
): typeof CallTest | typeof AssertTest | typeof ProgramTest | undefined => {
  if (typeof test !== 'object' || test === null || Array.isArray(test)) return undefined;
  const kinds = [
    ...('call' in test || 'expected' in test ? [CallTest] : []),
    ...('assert' in test ? [AssertTest] : []),
    ...('program' in test ? [ProgramTest] : []),
  ];
  return kinds.length === 1 ? kinds[0] : undefined;
};

export const ExecutionCandidate = z.strictObject({ id: ExecutionId, code: z.string() });
export type ExecutionCandidate = z.infer<typeof ExecutionCandidate>;

/** A second member of the same id is refused, where it stands. */
const withUniqueIds = <T extends z.ZodType<{ id: string }[]>>(list: T): T =>
  list.superRefine((members, context) => {
    const seen = new Set<string>();
    members.forEach(({ id }, index) => {
      if (seen.has(id)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'id'],
          message: `duplicate id ${JSON.stringify(id)}`,
        });
      }
      seen.add(id);
    });
  });

export const Batch = z.strictObject({
  id: ExecutionId,
  language: z.string().describe('One of the sandbox’s languages.'),
  tests: withUniqueIds(z.array(ExecutionTest)),
  candidates: withUniqueIds(z.array(ExecutionCandidate)),
  limits: LimitsConfig.prefault({}),
});
export type Batch = z.infer<typeof Batch>;

/** The same, in one of these languages. */
export const batchIn = (languages: readonly string[]) => Batch.extend({ language: z.enum(languages) });

export const OUTCOMES = [
  'pass',
  'fail',
  'error',
  'timeout',
  'memory',
  'output-limit',
  'crash',
  'flaky',
  'not-run',
] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

export const CandidateResult = z.strictObject({
  id: ExecutionId,
  outcomes: z.array(Outcome).describe('One for each of the matrix’s tests, in their order.'),
  outputs: z.array(z.string().nullable()).describe('Canonical literal of each returned value, or null.'),
  durationMs: z
    .number()
    .min(0)
    .describe(
      'CPU time of all its runs, milliseconds; 0 in what a campaign stores, for it differs from run to run.',
    ),
});
export type CandidateResult = z.infer<typeof CandidateResult>;

/** One candidate’s, as a later attempt goes on from it. */
export const FinishedCandidate = CandidateResult.extend({
  inProcess: z.array(ExecutionId).optional().describe('As the matrix’s, of this candidate alone.'),
});
export type FinishedCandidate = z.infer<typeof FinishedCandidate>;

/** The outcome matrix of one problem: candidates × tests. */
export const Matrix = z.strictObject({
  id: ExecutionId,
  tests: z.array(ExecutionId),
  invalidTests: z.array(z.strictObject({ id: ExecutionId, reason: z.string() })),
  inProcess: z
    .array(ExecutionId)
    .optional()
    .describe('Tests that a candidate’s own process had a part in judging.'),
  candidates: z.array(CandidateResult),
});
export type Matrix = z.infer<typeof Matrix>;
