/** Records of iterations in the bucket, each under its number and its content: one that was changed is another. */
import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { layout } from '../../core/layout.ts';
import type { IterationHistory } from '../../core/report/iteration-brief.ts';
import { IterationRecord } from '../../core/report/iteration-record.ts';
import { toJson } from '../store/json-documents.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** 16 of the 64 digits of a sha256: the number stands beside them. */
const DIGITS = 16;

export const nameOfContent = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, DIGITS);

/** Returns what names it. */
export const storeRecord = async (
  store: ObjectStore,
  campaignId: string,
  record: IterationRecord,
): Promise<string> => {
  const text = toJson(record);
  const name = nameOfContent(text);
  await store.put(layout.record(campaignId, record.n, name), text, 'application/json');
  return name;
};

export const readRecord = (
  store: ObjectStore,
  campaignId: string,
  { n, record }: { n: number; record: string },
): Promise<IterationRecord> => store.readJson(layout.record(campaignId, n, record), IterationRecord);

/** All records of a campaign in order, those in the bucket among them. */
export const wholeRecords = async (
  store: ObjectStore,
  campaignId: string,
  { records, archived = [] }: IterationHistory,
): Promise<IterationRecord[]> => {
  const limit = pLimit(16);
  const read = archived.map((one) => limit(() => readRecord(store, campaignId, one)));
  return [...(await Promise.all(read)), ...records].sort((a, b) => a.n - b.n);
};
