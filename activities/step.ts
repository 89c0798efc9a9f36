/** What every step of a campaign knows, and what each tells afterwards. All of it is small. */

import type { Revisions } from '../core/revisions.ts';

/** Names the step's place; with the step's own ids it makes the keys of its results. */
export type StepContext = {
  campaignId: string;
  /** 0 is the base model before any training. */
  iteration: number;
  /** The campaign's seed. */
  seed: number;
  /** Which run of each iteration counts, where a retry raised one. */
  revisions?: Revisions;
};

/** A step that asks the model. */
export type ModelStepContext = StepContext & {
  /** The name under which the server offers the model of this iteration. */
  servedModel: string;
};

/** Measures of one step. Tokens are completion tokens of the stored answers, whoever sampled them. */
export type StepMeasures = {
  tokens: number;
  /** Wall time of this attempt; near 0 where a stored result was adopted. */
  seconds: number;
};

/** How often each reason occurred. */
export type ReasonCounts = Record<string, number>;

export const countReasons = (reasons: Iterable<string>): ReasonCounts => {
  const counts: ReasonCounts = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

export const stopwatch = (): (() => number) => {
  const start = performance.now();
  return () => Math.round(performance.now() - start) / 1000;
};
