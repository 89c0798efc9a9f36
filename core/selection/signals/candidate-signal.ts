/** What a signal is: one number about a candidate, which may break ties or veto. One file each; registry.ts lists them. */
import type { MeasuredCandidate } from '../population.ts';
import type { ReliabilityKind } from '../reliability.ts';

export type SignalContext = {
  /** Tests kept. */
  tests: number;
  /** All the problem’s candidates. */
  candidates: number;
  reliability: ReliabilityKind;
  /** Members of the candidate’s cluster, itself included. */
  agreeing(candidate: MeasuredCandidate): number;
};

export type CandidateSignal = {
  name: string;
  /** One sentence for docs, with its source. */
  summary: string;
  better: 'higher' | 'lower';
  /** Undefined where the matrix does not tell: such candidates come last and are never vetoed. */
  valueOf(candidate: MeasuredCandidate, context: SignalContext): number | undefined;
};
