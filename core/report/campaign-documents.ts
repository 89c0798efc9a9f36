/**
 * What a campaign leaves in the bucket beside its data: result.json holds what an undisturbed run would hold as
 * well, operations.json what happened on the way.
 */
import { z } from 'zod';
import { layout, type Place } from '../layout.ts';
import { Revisions } from '../revisions.ts';
import { AuditLine } from '../steering/audit.ts';
import { type BenchmarkLook, benchmarkLooks } from './benchmark-looks.ts';
import { bestSoFar } from './best-so-far.ts';
import { type FaultRecord, type FaultSummary, summariseFaults } from './faults.ts';
import { inKeyOrder } from './in-key-order.ts';
import type { IterationRecord, IterationWork, TrainingRecord } from './iteration-record.ts';
import type { ReportInput } from './report.ts';

type CampaignResult = Pick<ReportInput, 'config' | 'records' | 'ended' | 'rollback'> & {
  revisions?: Revisions;
};

/** Of result.json, for whoever looks for what a retry made. */
export const ResultRevisions = z.object({ revisions: Revisions.optional() });

/** Of operations.json, for whoever looks for who steered the campaign. */
export const OperationsAudit = z.object({
  audit: z
    .array(z.looseObject({ kind: z.string() }))
    .transform((lines) => lines.flatMap((line) => (line.kind === 'steered' ? [AuditLine.parse(line)] : []))),
});

/** Scores, counts, selections and links; no time, no attempt, nothing that a fault changes. */
export const resultDocument = ({ config, records, ended, rollback, revisions }: CampaignResult) => ({
  id: config.name,
  model: config.model.base,
  prompts: config.model.prompts,
  seed: config.seed,
  iterations: records.map((record) => resultOfIteration({ campaignId: config.name, revisions }, record)),
  best: ended?.best ?? bestSoFar(records, rollback),
  endReason: ended?.reason ?? null,
  ...(revisions ? { revisions } : {}),
});

const resultOfIteration = (at: Place, record: IterationRecord) => {
  const { n, work, training, untrained, validation, evaluation, stages } = record;
  const tokens = Object.entries(stages).flatMap(([stage, measures]) =>
    measures.tokens > 0 ? [[stage, measures.tokens] as const] : [],
  );
  return {
    n,
    validation: validation ?? null,
    evaluation,
    work: work ? inKeyOrder(withoutRuns(work)) : null,
    training: training ? withoutMeasures(training) : null,
    untrained: untrained ?? null,
    tokens: inKeyOrder(Object.fromEntries(tokens)),
    objects: {
      ...(work
        ? {
            problems: layout.problems(at, n),
            tests: layout.tests(at, n),
            selections: layout.selections(at, n),
          }
        : {}),
      ...(validation ? { validation: layout.validation(at, n) } : {}),
      evaluation: evaluation.map(({ set }) => layout.evaluation(at, n, set)),
    },
  };
};

/** How many programs ran depends on faults: a retry runs what is left, and cannot tell what an earlier attempt shared. */
const withoutRuns = ({ candidates: { executed: _, shared: __, ...candidates }, ...rest }: IterationWork) => ({
  ...rest,
  candidates,
});

/** Time depends on the machine, and a log-probability on what else the server computed in the same batch. */
const withoutMeasures = ({ seconds: _, fit: __, ...rest }: TrainingRecord) => rest;

export type OperationsDocument = {
  id: string;
  /** Attempts that came to nothing and were repeated. */
  faults: FaultSummary;
  audit: ((BenchmarkLook & { kind: 'benchmark-look' }) | (AuditLine & { kind: 'steered' }))[];
  iterations: {
    n: number;
    seconds: Record<string, number>;
    trainingSeconds: number | null;
    /** As far as the attempts that succeeded know. */
    programsRun: number | null;
  }[];
};

/** Times, faults and audit lines. */
export const operationsDocument = ({
  config,
  records,
  faults,
  audit = [],
}: CampaignResult & {
  faults: readonly FaultRecord[];
  audit?: readonly AuditLine[];
}): OperationsDocument => ({
  id: config.name,
  faults: summariseFaults(faults),
  audit: [
    ...audit.map((line) => ({ kind: 'steered' as const, ...line })),
    ...benchmarkLooks(records).map((look) => ({ kind: 'benchmark-look' as const, ...look })),
  ],
  iterations: records.map(({ n, work, stages, training }) => ({
    n,
    seconds: Object.fromEntries(Object.entries(stages).map(([stage, { seconds }]) => [stage, seconds])),
    trainingSeconds: training?.seconds ?? null,
    programsRun: work?.candidates.executed ?? null,
  })),
});
