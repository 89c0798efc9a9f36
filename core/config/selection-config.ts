/** The settings of selection: a part of the one schema of a campaign file. */
import { z } from 'zod';

const fraction = z.number().min(0).max(1);

export const STRATEGY_NAMES = [
  'consensus',
  'output-consensus',
  'random-passing',
  'output-hash',
  'lowest-perplexity',
  'success-threshold',
  'codet',
  'majority-weighted',
  'dual-output',
] as const;

/** Those of which can be told that more candidates will hardly change their choice (core/selection/adaptive-stop.ts). */
export const ADAPTIVE_STRATEGIES: readonly (typeof STRATEGY_NAMES)[number][] = [
  'consensus',
  'output-consensus',
  'codet',
  'majority-weighted',
  'dual-output',
];

/** Rules against trivial clusters that can be asked for by name; the first four are the contract’s and on by themselves. */
export const RULE_NAMES = [
  'minimum-size',
  'some-pass',
  'some-answer',
  'varied-answers',
  'constant-output',
  'empty-body',
  'argument-returned',
] as const;

/** What is known of each candidate and may order or veto it; core/selection/signals has one file for each. */
export const SIGNAL_NAMES = ['reliability', 'pass-rate', 'consensus', 'perplexity', 'lint'] as const;

export const VetoConfig = z
  .strictObject({
    signal: z.enum(SIGNAL_NAMES).describe('The signal that is looked at.'),
    min: z.number().optional().describe('Candidates below this value cannot be chosen.'),
    max: z.number().optional().describe('Candidates above this value cannot be chosen.'),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'needs min, max or both');
export type VetoConfig = z.infer<typeof VetoConfig>;

export const SelectionConfig = z.strictObject({
  strategy: z
    .enum(STRATEGY_NAMES)
    .default('consensus')
    .describe('How one candidate is chosen. consensus is the paper’s.'),
  signature: z
    .enum(['outcome', 'output'])
    .default('outcome')
    .describe(
      'What candidates must share: pass bits (the paper) or returned values (needs no expected value).',
    ),
  reliability: z
    .enum(['executes', 'passes'])
    .default('executes')
    .describe('e(r): share of tests that run to an answer (Eq. 3 of the paper), or that pass (the article).'),
  minReliability: fraction.default(0.8).describe('Candidates below this e(r) are dropped (ρ in the paper).'),
  minClusterSize: z
    .int()
    .min(1)
    .default(2)
    .describe('Members of the smallest cluster that counts as a consensus (τ in the paper).'),
  minShare: fraction
    .default(0)
    .describe('Share of all candidates that the chosen cluster must hold; 0 switches the rule off.'),
  nonTrivial: z
    .array(z.enum(RULE_NAMES))
    .max(RULE_NAMES.length)
    .default([])
    .describe(
      'Rules that refuse trivial clusters, whatever the signature; docs/selection.md says what each does. minimum-size, the paper’s own, is always on (minClusterSize); with signature outcome so is some-pass, with output some-answer and varied-answers.',
    ),
  tieBreakers: z
    .array(z.enum(SIGNAL_NAMES))
    .max(SIGNAL_NAMES.length)
    .default(['reliability', 'perplexity'])
    .describe(
      'Signals that order the members of a cluster, then clusters of equal size; the id is the last.',
    ),
  vetoes: z
    .array(VetoConfig)
    .max(20)
    .default([])
    .describe(
      'Limits that a candidate must keep to be chosen; it still counts as agreeing with its cluster.',
    ),
  maxFlakyShare: fraction
    .default(1)
    .describe(
      'A test that is flaky for a larger share of its candidates is dropped (limits.repeat 2); 1 drops none.',
    ),
});
export type SelectionConfig = z.infer<typeof SelectionConfig>;
