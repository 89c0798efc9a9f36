/** What the signals of one problem are measured against. */
import type { CandidateGroup } from './clusters.ts';
import type { MeasuredCandidate, Population } from './population.ts';
import type { ReliabilityKind } from './reliability.ts';
import type { SignalContext } from './signals/candidate-signal.ts';

export const signalContext = (
  { kept, candidates }: Population,
  groups: readonly CandidateGroup[],
  reliability: ReliabilityKind,
): SignalContext => {
  let sizes: Map<MeasuredCandidate, number> | undefined;
  return {
    tests: kept.length,
    candidates: candidates.length,
    reliability,
    agreeing(candidate) {
      // Few policies ask for it.
      sizes ??= new Map(groups.flatMap(({ members }) => members.map((member) => [member, members.length])));
      return sizes.get(candidate) ?? 0;
    },
  };
};
