/**
 * The bucket behind `ObjectStore`. Writes are conditional (`If-None-Match: *`): the first complete write wins
 * and a later writer adopts it, so a retry or a zombie attempt changes nothing. The SHA-256 of every object
 * stands in its metadata, because checksums of multipart uploads are composite and differ by part size.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import pLimit from 'p-limit';
import type { ZodType } from 'zod';
import { UcoderError } from '../../core/errors.ts';
import type { ObjectReference } from '../../core/references.ts';
import { abortUploadsOf } from './abandoned-uploads.ts';
import { parseJson, parseJsonLines, toJson, toJsonLines } from './json-documents.ts';
import type { ObjectStore } from './object-store.ts';
import { partialPath, removeAbandonedPartials } from './partial-files.ts';
import { isMissing, isTaken, storeError } from './s3-errors.ts';

/** Files above this size go up in parts. */
const MULTIPART_BYTES = 16 * 1024 * 1024;
const FETCH_TRIES = 3;
/** Look-ups at once while listing; a campaign has tens of thousands of objects. */
const lookUps = pLimit(16);

const sha256Of = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

const sha256OfFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

export class S3Store implements ObjectStore {
  readonly bucket: string;
  readonly #client: S3Client;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.bucket = bucket;
  }

  uri(key: string): string {
    return `s3://${this.bucket}/${key}`;
  }

  /** Creates the bucket where it is missing. Safe to repeat. */
  async ensureBucket(): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.bucket }));
    } catch (thrown) {
      if (!isMissing(thrown)) throw storeError(thrown, `find the bucket ${this.bucket}`);
      try {
        await this.#client.send(new CreateBucketCommand({ Bucket: this.bucket }));
      } catch (refused) {
        if (!isTaken(refused)) throw storeError(refused, `create the bucket ${this.bucket}`);
      }
    }
  }

  async find(key: string): Promise<ObjectReference | undefined> {
    try {
      const head = await this.#client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }));
      const size = head.ContentLength ?? 0;
      const stored = head.Metadata?.sha256;
      // An object that somebody else put there has no hash of ours: read it once.
      return { key, size, sha256: stored ?? sha256Of(await this.#download(key)) };
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw storeError(thrown, `look up ${this.uri(key)}`);
    }
  }

  async read(key: string): Promise<Buffer> {
    return this.#download(key);
  }

  async readJson<T>(key: string, schema: ZodType<T>): Promise<T> {
    return parseJson(await this.read(key), schema, this.uri(key));
  }

  async readJsonLines<T>(key: string, schema: ZodType<T>): Promise<T[]> {
    return parseJsonLines(await this.read(key), schema, this.uri(key));
  }

  async put(
    key: string,
    body: Buffer | string,
    contentType = 'application/octet-stream',
  ): Promise<ObjectReference> {
    return this.#put(key, Buffer.from(body), contentType, '*');
  }

  async replace(
    key: string,
    body: Buffer | string,
    contentType = 'application/octet-stream',
  ): Promise<ObjectReference> {
    return this.#put(key, Buffer.from(body), contentType, undefined);
  }

  async putJson(key: string, value: unknown): Promise<ObjectReference> {
    return this.put(key, toJson(value), 'application/json');
  }

  async putJsonLines(key: string, values: readonly unknown[]): Promise<ObjectReference> {
    return this.put(key, toJsonLines(values), 'application/jsonl');
  }

  async putFile(key: string, path: string): Promise<ObjectReference> {
    const existing = await this.find(key);
    if (existing) return existing;
    const { size } = await stat(path);
    const sha256 = await sha256OfFile(path);
    const upload = new Upload({
      client: this.#client,
      partSize: MULTIPART_BYTES,
      queueSize: 4,
      params: {
        Bucket: this.bucket,
        Key: key,
        Body: createReadStream(path, { highWaterMark: 1024 * 1024 }),
        Metadata: { sha256 },
        ChecksumAlgorithm: 'SHA256',
        IfNoneMatch: '*',
      },
    });
    try {
      if (size > MULTIPART_BYTES) await abortUploadsOf(this.#client, this.bucket, key);
      await upload.done();
      return { key, sha256, size };
    } catch (thrown) {
      if (isTaken(thrown)) return this.#adopt(key);
      throw storeError(thrown, `store ${this.uri(key)}`);
    }
  }

  async fetchFile(key: string, path: string): Promise<ObjectReference> {
    const reference = await this.find(key);
    if (!reference) throw new UcoderError('object-missing', `There is no object ${this.uri(key)}.`);
    await mkdir(dirname(path), { recursive: true });
    await removeAbandonedPartials(path);
    const partial = await partialPath(path);
    try {
      await pipeline(await this.stream(key), createWriteStream(partial));
      const sha256 = await sha256OfFile(partial);
      if (sha256 !== reference.sha256) {
        throw new UcoderError(
          'object-corrupt',
          `${this.uri(key)} should have sha256 ${reference.sha256}, but what was read has ${sha256}.`,
        );
      }
      await rename(partial, path);
      return reference;
    } catch (thrown) {
      throw storeError(thrown, `fetch ${this.uri(key)} to ${path}`);
    } finally {
      await rm(partial, { force: true });
    }
  }

  async stream(key: string): Promise<Readable> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      if (Body instanceof Readable) return Body;
      throw new UcoderError(
        'store-unavailable',
        `The S3 server answered without a body for ${this.uri(key)}.`,
      );
    } catch (thrown) {
      throw storeError(thrown, `read ${this.uri(key)}`);
    }
  }

  async list(prefix: string): Promise<ObjectReference[]> {
    const keys: string[] = [];
    try {
      for await (const page of paginateListObjectsV2(
        { client: this.#client },
        { Bucket: this.bucket, Prefix: prefix },
      )) {
        for (const object of page.Contents ?? []) if (object.Key) keys.push(object.Key);
      }
    } catch (thrown) {
      throw storeError(thrown, `list ${this.uri(prefix)}`);
    }
    const references = await Promise.all(keys.sort().map((key) => lookUps(() => this.find(key))));
    return references.filter((reference) => reference !== undefined);
  }

  async once<T>(key: string, schema: ZodType<T>, produce: () => Promise<T>): Promise<T> {
    if (!(await this.find(key))) await this.putJson(key, schema.parse(await produce()));
    return this.readJson(key, schema);
  }

  async onceLines<T>(key: string, schema: ZodType<T>, produce: () => Promise<T[]>): Promise<T[]> {
    if (!(await this.find(key))) await this.putJsonLines(key, await produce());
    return this.readJsonLines(key, schema);
  }

  async #put(
    key: string,
    body: Buffer,
    contentType: string,
    ifNoneMatch: '*' | undefined,
  ): Promise<ObjectReference> {
    const sha256 = sha256Of(body);
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          Metadata: { sha256 },
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
          ...(ifNoneMatch ? { IfNoneMatch: ifNoneMatch } : {}),
        }),
      );
      return { key, sha256, size: body.length };
    } catch (thrown) {
      if (ifNoneMatch && isTaken(thrown)) return this.#adopt(key);
      throw storeError(thrown, `store ${this.uri(key)}`);
    }
  }

  async #adopt(key: string): Promise<ObjectReference> {
    const stored = await this.find(key);
    // 409: the other writer has not completed yet; the activity's retry finds its object, or writes ours.
    if (!stored)
      throw new UcoderError('store-unavailable', `Another writer is storing ${this.uri(key)} just now.`);
    return stored;
  }

  /** Reads and verifies; a body that does not match its hash is read again, then reported. */
  async #download(key: string): Promise<Buffer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { Body, Metadata } = await this.#client.send(
          new GetObjectCommand({ Bucket: this.bucket, Key: key }),
        );
        const body = Buffer.from((await Body?.transformToByteArray()) ?? []);
        const expected = Metadata?.sha256;
        const actual = sha256Of(body);
        if (expected === undefined || expected === actual) return body;
        if (attempt === FETCH_TRIES) {
          throw new UcoderError(
            'object-corrupt',
            `${this.uri(key)} should have sha256 ${expected}, but what was read has ${actual}.`,
          );
        }
      } catch (thrown) {
        throw storeError(thrown, `read ${this.uri(key)}`);
      }
    }
  }
}
