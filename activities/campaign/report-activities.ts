/** The documents that tell of a campaign: its result, what happened on the way, and the report people read. */
import pLimit from 'p-limit';
import type { BestIteration } from '../../core/campaign/decide-next.ts';
import type { Rollback } from '../../core/campaign/rollback.ts';
import { standingOf, type ToldStanding } from '../../core/campaign/standing.ts';
import type { CampaignConfig } from '../../core/config/campaign-config.ts';
import { isCurrent, layout } from '../../core/layout.ts';
import { operationsDocument, resultDocument } from '../../core/report/campaign-documents.ts';
import { FaultRecord } from '../../core/report/faults.ts';
import { type ArchivedIteration, archive } from '../../core/report/iteration-brief.ts';
import type { IterationRecord } from '../../core/report/iteration-record.ts';
import { renderMarkdown } from '../../core/report/render-markdown.ts';
import { buildReport, type CampaignState } from '../../core/report/report.ts';
import type { Revisions } from '../../core/revisions.ts';
import { type AuditLine, wholeAudit } from '../../core/steering/audit.ts';
import { whileHeartbeating } from '../context.ts';
import { toJson } from '../store/json-documents.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { storeAudit, storedAudit } from './audit-lines.ts';
import { readRecord, storeRecord, wholeRecords } from './iteration-records.ts';

export type WriteReportInput = {
  campaignId: string;
  config: CampaignConfig;
  records: IterationRecord[];
  /** Iterations whose records the bucket has. */
  archived?: ArchivedIteration[];
  ended: { best: BestIteration; reason: string; stopped?: true } | null;
  rollback?: Rollback | null;
  audit?: AuditLine[];
  revisions?: Revisions;
  /** From where it goes on, where it is started again. */
  standing?: ToldStanding;
  /** Numbers of the records that the campaign carries no longer once the bucket has them. */
  archive?: number[];
  /** It ended with a fault, and goes on where it is started again. */
  failed?: boolean;
};

/** What names the records that were archived. */
export type WrittenReport = { archived: { n: number; record: string }[] };

export const createReportActivities = ({ store }: { store: ObjectStore }) => ({
  /**
   * Writes result, operations and report as they stand, and, once the campaign has ended, the manifest of
   * every object of the result. Safe to repeat: the documents are functions of the input and the bucket. Returns
   * what names the records that it archived.
   */
  writeReport: (told: WriteReportInput): Promise<WrittenReport> =>
    whileHeartbeating(writeReport(store, told)),

  /** An archived record, whole. Thrown: object-missing. */
  readRecord(i: { campaignId: string; n: number; record: string }): Promise<IterationRecord> {
    return readRecord(store, i.campaignId, i);
  },

  /** Lines of who steered the campaign that it will carry no longer. */
  keepAudit(i: { campaignId: string; lines: AuditLine[] }): Promise<void> {
    return storeAudit(store, i.campaignId, i.lines);
  },
});

const writeReport = async (store: ObjectStore, told: WriteReportInput): Promise<WrittenReport> => {
  const id = told.campaignId;
  const i = { ...told, records: await wholeRecords(store, id, told) };
  const archived = await archiveRecords(store, told);
  const audit = wholeAudit(await storedAudit(store, id), i.audit ?? []);
  const report = buildReport({
    ...{ ...i, audit },
    state: stateOf(i),
  });
  await store.replace(
    layout.operations(id),
    toJson(operationsDocument({ ...i, audit, faults: await readFaults(store, id) })),
    'application/json',
  );
  await store.replace(layout.report(id), renderMarkdown(report), 'text/markdown; charset=utf-8');
  await store.replace(layout.reportJson(id), toJson(report), 'application/json');
  await store.replace(layout.result(id), toJson(resultDocument(i)), 'application/json');
  if (i.standing) {
    const history = archive(told, archived);
    const standing = standingOf({ ...history, config: i.config, rollback: i.rollback ?? null }, i.standing);
    await store.replace(layout.standing(id), toJson(standing), 'application/json');
  }
  if (!i.ended) return { archived };
  const { operations, report: text, reportJson, manifest, standing } = layout;
  const apart = [operations, text, reportJson, manifest, standing].map((keyOf) => keyOf(id));
  const objects = await store.list(layout.campaignPrefix(id));
  const foldersApart = [layout.faults(id), layout.records(id), layout.audit(id)];
  const result = objects.filter(
    ({ key }) =>
      !apart.includes(key) && !foldersApart.some((folder) => key.startsWith(folder)) && isCurrent(i, key),
  );
  await store.replace(layout.manifest(id), toJson({ id, objects: result }), 'application/json');
  return { archived };
};

const archiveRecords = (
  store: ObjectStore,
  { campaignId, records, archive: numbers = [] }: WriteReportInput,
) =>
  Promise.all(
    records
      .filter(({ n }) => numbers.includes(n))
      .map(async (record) => ({ n: record.n, record: await storeRecord(store, campaignId, record) })),
  );

const stateOf = ({ ended, failed }: WriteReportInput): CampaignState => {
  if (ended) return ended.stopped ? 'stopped' : 'completed';
  return failed ? 'failed' : 'running';
};

/** Records read for one document; a storm of faults must not hold up the campaign. */
const MAX_FAULTS = 2_000;

const readFaults = async (store: ObjectStore, campaignId: string): Promise<FaultRecord[]> => {
  const found = await store.list(layout.faults(campaignId));
  const limit = pLimit(16);
  return Promise.all(
    found.slice(-MAX_FAULTS).map(({ key }) => limit(() => store.readJson(key, FaultRecord))),
  );
};

export type ReportActivities = ReturnType<typeof createReportActivities>;
