/** The documents that tell of a campaign: its result, what happened on the way, and the report people read. */
import pLimit from 'p-limit';
import type { BestIteration } from '../../core/campaign/decide-next.ts';
import type { Rollback } from '../../core/campaign/rollback.ts';
import { standingOf, type ToldStanding } from '../../core/campaign/standing.ts';
import type { CampaignConfig } from '../../core/config/campaign-config.ts';
import { isCurrent, layout } from '../../core/layout.ts';
import { OperationsAudit, operationsDocument, resultDocument } from '../../core/report/campaign-documents.ts';
import { FaultRecord } from '../../core/report/faults.ts';
import type { IterationRecord } from '../../core/report/iteration-record.ts';
import { renderMarkdown } from '../../core/report/render-markdown.ts';
import { buildReport, type CampaignState } from '../../core/report/report.ts';
import type { Revisions } from '../../core/revisions.ts';
import { type AuditLine, wholeAudit } from '../../core/steering/audit.ts';
import { whileHeartbeating } from '../context.ts';
import { toJson } from '../store/json-documents.ts';
import type { ObjectStore } from '../store/object-store.ts';

export type WriteReportInput = {
  campaignId: string;
  config: CampaignConfig;
  records: IterationRecord[];
  ended: { best: BestIteration; reason: string; stopped?: true } | null;
  rollback?: Rollback | null;
  audit?: AuditLine[];
  revisions?: Revisions;
  /** From where it goes on, where it is started again. */
  standing?: ToldStanding;
  /** It ended with a fault, and goes on where it is started again. */
  failed?: boolean;
};

export const createReportActivities = ({ store }: { store: ObjectStore }) => ({
  /**
   * Writes result, operations and report as they stand, and, once the campaign has ended, the manifest of
   * every object of the result. Safe to repeat: the documents are functions of the input and the bucket.
   */
  async writeReport(i: WriteReportInput): Promise<void> {
    const id = i.campaignId;
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
      const standing = standingOf({ ...i, rollback: i.rollback ?? null }, i.standing);
      await store.replace(layout.standing(id), toJson(standing), 'application/json');
    }
    if (!i.ended) return;
    const { operations, report: text, reportJson, manifest, standing } = layout;
    const apart = [operations, text, reportJson, manifest, standing].map((keyOf) => keyOf(id));
    const objects = await whileHeartbeating(store.list(layout.campaignPrefix(id)));
    const result = objects.filter(
      ({ key }) => !apart.includes(key) && !key.startsWith(layout.faults(id)) && isCurrent(i, key),
    );
    await store.replace(layout.manifest(id), toJson({ id, objects: result }), 'application/json');
  },
});

/** Who steered the campaign, as far as it was written before. */
export const storedAudit = async (store: ObjectStore, campaignId: string): Promise<AuditLine[]> => {
  const key = layout.operations(campaignId);
  return (await store.find(key)) ? (await store.readJson(key, OperationsAudit)).audit : [];
};

const stateOf = ({ ended, failed }: WriteReportInput): CampaignState => {
  if (ended) return ended.stopped ? 'stopped' : 'completed';
  return failed ? 'failed' : 'running';
};

/** Records read for one document; a storm of faults must not hold up the campaign. */
const MAX_FAULTS = 2_000;

const readFaults = async (store: ObjectStore, campaignId: string): Promise<FaultRecord[]> => {
  const found = await whileHeartbeating(store.list(layout.faults(campaignId)));
  const limit = pLimit(16);
  return whileHeartbeating(
    Promise.all(found.slice(-MAX_FAULTS).map(({ key }) => limit(() => store.readJson(key, FaultRecord)))),
  );
};

export type ReportActivities = ReturnType<typeof createReportActivities>;
