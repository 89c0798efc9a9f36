/** Limits on signals: a candidate beyond one agrees with its cluster like any other, but is not chosen. */
import type { VetoConfig } from '../../config/selection-config.ts';
import type { MeasuredCandidate } from '../population.ts';
import type { VetoReport } from '../selection.ts';
import type { SignalContext } from './candidate-signal.ts';
import { SIGNALS } from './registry.ts';

export type Vetoed = {
  /** By id; the first veto that hit each. */
  candidates: ReadonlyMap<string, { signal: string; reason: string }>;
  reports: VetoReport[];
};

export const applyVetoes = (
  candidates: readonly MeasuredCandidate[],
  vetoes: readonly VetoConfig[],
  context: SignalContext,
): Vetoed => {
  const hit = new Map<string, { signal: string; reason: string }>();
  const reports = vetoes.map(({ signal, min, max }) => {
    const report: VetoReport = { signal, vetoed: 0, notEvaluated: 0 };
    for (const candidate of candidates) {
      const value = SIGNALS[signal].valueOf(candidate, context);
      if (value === undefined) report.notEvaluated += 1;
      const reason = value === undefined ? undefined : violation(signal, value, min, max);
      if (reason === undefined) continue;
      report.vetoed += 1;
      if (!hit.has(candidate.id)) hit.set(candidate.id, { signal, reason });
    }
    return report;
  });
  return { candidates: hit, reports };
};

const violation = (
  signal: string,
  value: number,
  min: number | undefined,
  max: number | undefined,
): string | undefined => {
  if (min !== undefined && value < min) return `${signal} ${value} < ${min}`;
  if (max !== undefined && value > max) return `${signal} ${value} > ${max}`;
  return undefined;
};
