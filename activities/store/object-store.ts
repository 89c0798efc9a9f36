/** What every room may ask of the bucket. The first complete write under a key wins; later ones adopt it. */
import type { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import type { ObjectReference } from '../../core/references.ts';

export interface ObjectStore {
  readonly bucket: string;
  /** s3://bucket/key */
  uri(key: string): string;
  /** The stored object's reference, or undefined where there is none. */
  find(key: string): Promise<ObjectReference | undefined>;
  /** Thrown: object-missing, object-corrupt (what was read does not match its sha256), store-unavailable. */
  read(key: string): Promise<Buffer>;
  readJson<T>(key: string, schema: ZodType<T>): Promise<T>;
  readJsonLines<T>(key: string, schema: ZodType<T>): Promise<T[]>;
  /** Stores the body unless the key exists; returns the reference of what is stored, ours or an earlier one. */
  put(key: string, body: Buffer | string, contentType?: string): Promise<ObjectReference>;
  putJson(key: string, value: unknown): Promise<ObjectReference>;
  putJsonLines(key: string, values: readonly unknown[]): Promise<ObjectReference>;
  /** Multipart where large; same rule as put. */
  putFile(key: string, path: string): Promise<ObjectReference>;
  /** Fetches to a file (written beside, then renamed) and checks its sha256. */
  fetchFile(key: string, path: string): Promise<ObjectReference>;
  stream(key: string): Promise<Readable>;
  list(prefix: string): Promise<ObjectReference[]>;
  /** Overwrites: only for documents that grow (operations.json, report.md). */
  replace(key: string, body: Buffer | string, contentType?: string): Promise<ObjectReference>;
  /** The idempotent step: what is stored under the key, or what `produce` makes, stored. */
  once<T>(key: string, schema: ZodType<T>, produce: () => Promise<T>): Promise<T>;
  /** The same for JSON Lines. */
  onceLines<T>(key: string, schema: ZodType<T>, produce: () => Promise<T[]>): Promise<T[]>;
}
