/** Who steered a campaign, as the bucket has it: lines that were stored between two reports, and those of the last. */
import pLimit from 'p-limit';
import { z } from 'zod';
import { layout } from '../../core/layout.ts';
import { OperationsAudit } from '../../core/report/campaign-documents.ts';
import { AuditLine, wholeAudit } from '../../core/steering/audit.ts';
import { toJson } from '../store/json-documents.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { nameOfContent } from './iteration-records.ts';

export const storeAudit = async (
  store: ObjectStore,
  campaignId: string,
  lines: readonly AuditLine[],
): Promise<void> => {
  const text = toJson(lines);
  await store.put(layout.auditLines(campaignId, nameOfContent(text)), text, 'application/json');
};

/** Each line once, in the order of their times. */
export const storedAudit = async (store: ObjectStore, campaignId: string): Promise<AuditLine[]> => {
  const limit = pLimit(16);
  const key = layout.operations(campaignId);
  const [reported, apart] = await Promise.all([
    store.find(key).then(async (found) => (found ? (await store.readJson(key, OperationsAudit)).audit : [])),
    store.list(layout.audit(campaignId)),
  ]);
  const lines = apart.map(({ key: stored }) => limit(() => store.readJson(stored, z.array(AuditLine))));
  return wholeAudit(reported, (await Promise.all(lines)).flat());
};
