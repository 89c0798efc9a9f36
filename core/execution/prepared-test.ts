/** A test after the sandbox has compiled it: what to run, and what its answer is compared with out here. */
import { z } from 'zod';
import type { Value } from '../values/value.ts';

export const MATCHES = ['equal', 'not-equal', 'identical', 'not-identical', 'truthy', 'falsy'] as const;
export type Match = (typeof MATCHES)[number];

/** The runner’s words for one test, in its order (preparation.py). */
export const PreparedTestMessage = z.union([
  z.object({ kind: z.literal('invalid'), reason: z.string() }),
  z.object({
    kind: z.literal('call'),
    source: z.string(),
    match: z.enum(MATCHES),
    expected: z.string().nullable(),
    needed: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('program'),
    source: z.string(),
    asValue: z.boolean(),
    beside: z.unknown(),
    inside: z.boolean(),
    leans: z.boolean(),
    match: z.enum(MATCHES).optional(),
    expected: z.string().nullish(),
  }),
]);
export type PreparedTestMessage = z.infer<typeof PreparedTestMessage>;

/** How a returned value is judged; `expected` is missing where only truth counts. */
export type Judgement = {
  readonly match: Match;
  readonly expected: Value | undefined;
  readonly tolerance: number | undefined;
  /** Whether the matrix shows the value: only for tests that came as call and expected value. */
  readonly showsOutput: boolean;
};

export type PreparedTest = { readonly id: string } & (
  | {
      /** One call in the candidate’s process, which claims a value. */
      readonly kind: 'call';
      readonly source: string;
      readonly needed: string | null;
      readonly judgement: Judgement;
    }
  | {
      /** A program, or an expression that the candidate must not see, beside the candidate’s process. */
      readonly kind: 'program';
      readonly source: string;
      /** What the runner noted for itself when it read the test; given back to it when the test runs. */
      readonly beside: unknown;
      /** It can only run in the candidate’s own process. */
      readonly inside: boolean;
      /** Its verdict rests on a second function of the candidate’s. */
      readonly leans: boolean;
      /** Missing: it passes where it ends without an exception. */
      readonly judgement: Judgement | undefined;
    }
);
