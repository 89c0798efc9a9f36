import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { thisHolder } from '../../../activities/holder.ts';
import { S3Store } from '../../../activities/store/s3-store.ts';
import { testStore } from '../../support/store.ts';

let store: S3Store;
let client: S3Client;
let prefix: string;
let folder: string;

beforeAll(async () => {
  ({ store, client, prefix } = await testStore());
  folder = await mkdtemp(join(tmpdir(), 'ucoder-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (thrown: { code?: string }) => thrown.code,
  );

describe('S3Store', () => {
  it('keeps the first complete write, and tells every later writer so', async () => {
    const key = `${prefix}/race`;
    const bodies = Array.from({ length: 16 }, (_, index) => `writer ${index}`);
    const references = await Promise.all(bodies.map((body) => store.put(key, body)));
    const stored = (await store.read(key)).toString();
    expect(bodies).toContain(stored);
    expect(new Set(references.map(({ sha256 }) => sha256)).size).toBe(1);
    expect((await store.find(key))?.sha256).toBe(references[0]?.sha256);
  });

  it('produces an object once', async () => {
    let produced = 0;
    const make = () =>
      store.once(`${prefix}/once.json`, z.object({ n: z.number() }), async () => {
        produced += 1;
        return { n: produced };
      });
    expect([await make(), await make()]).toEqual([{ n: 1 }, { n: 1 }]);
    expect(produced).toBe(1);
  });

  it('sweeps away the parts of an upload that a killed worker left under the key', async () => {
    const path = join(folder, 'swept');
    await writeFile(path, Buffer.alloc(20 * 1024 * 1024, 'swept '));
    const where = { Bucket: store.bucket, Key: `${prefix}/swept` };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(where));
    const part = Buffer.alloc(6 * 1024 * 1024, 'half ');
    await client.send(new UploadPartCommand({ ...where, UploadId, PartNumber: 1, Body: part }));
    const { size } = await store.putFile(where.Key, path);
    expect(size).toBe(20 * 1024 * 1024);
    const left = await client.send(
      new ListMultipartUploadsCommand({ Bucket: store.bucket, Prefix: where.Key }),
    );
    expect(left.Uploads ?? []).toEqual([]);
    const zombie = client.send(new UploadPartCommand({ ...where, UploadId, PartNumber: 2, Body: part }));
    await expect(zombie).rejects.toThrow();
  });

  it('stores and fetches a file of several parts whole, and leaves no part behind', async () => {
    const path = join(folder, 'large');
    const body = Buffer.alloc(40 * 1024 * 1024, 'ucoder ');
    await writeFile(path, body);
    const key = `${prefix}/large`;
    const [first, second] = [await store.putFile(key, path), await store.putFile(key, path)];
    expect(second).toEqual(first);
    await store.fetchFile(key, join(folder, 'back'));
    expect((await readFile(join(folder, 'back'))).equals(body)).toBe(true);
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: store.bucket, Prefix: key }));
    expect(uploads.Uploads ?? []).toEqual([]);
  });

  it('removes what a killed fetch of the same file left, and nothing of one that lives', async () => {
    const key = `${prefix}/fetched`;
    await store.put(key, 'whole');
    const path = join(folder, 'fetched');
    const killed = spawn(process.execPath, ['--eval', '']);
    await once(killed, 'exit');
    const own = `${path}.partial-${await thisHolder()}~1`;
    // The last one's process had the id that this one has now.
    const ended = [`${killed.pid}~1`, `${process.pid}~1`].map((process) => `${hostname()}~${process}~1`);
    const lefts = [own, ...ended.map((holder) => `${path}.partial-${holder}`)];
    await Promise.all(lefts.map((left) => writeFile(left, 'wh')));
    await store.fetchFile(key, path);
    const files = (await readdir(folder)).filter((name) => name.startsWith('fetched'));
    expect(files.sort()).toEqual(['fetched', basename(own)]);
  });

  it('notices a body that does not match its hash', async () => {
    const key = `${prefix}/flipped`;
    await client.send(
      new PutObjectCommand({
        Bucket: store.bucket,
        Key: key,
        Body: 'flipped',
        Metadata: { sha256: '0'.repeat(64) },
      }),
    );
    expect(await codeOf(store.read(key))).toBe('object-corrupt');
    expect(await codeOf(store.fetchFile(key, join(folder, 'flipped')))).toBe('object-corrupt');
    await expect(readFile(join(folder, 'flipped'))).rejects.toThrow('ENOENT');
  });

  it('names the line and the field of a broken JSON Lines object', async () => {
    const key = `${prefix}/lines.jsonl`;
    await store.put(key, '{"n":1}\n{"n":"two"}\n');
    await expect(store.readJsonLines(key, z.object({ n: z.number() }))).rejects.toThrow(
      /lines\.jsonl, line 2: n: /,
    );
  });

  it('lists a prefix in order and finds nothing where nothing is', async () => {
    await Promise.all(['b', 'a', 'c'].map((name) => store.put(`${prefix}/list/${name}`, name)));
    expect((await store.list(`${prefix}/list/`)).map(({ key }) => key.split('/').pop())).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(await store.find(`${prefix}/none`)).toBeUndefined();
    expect(await codeOf(store.read(`${prefix}/none`))).toBe('object-missing');
  });
});

describe('S3Store at a server that fails', () => {
  let server: Server;
  let status = 503;

  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  const failingStore = (): S3Store => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const endpoint = `http://127.0.0.1:${port}`;
    return new S3Store(
      new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 }),
      'bucket',
    );
  };

  it.each([
    [503, 'store-unavailable'],
    [500, 'store-unavailable'],
    [403, 'store-refused'],
  ])('answers HTTP %i with %s', async (code, expected) => {
    status = code;
    expect(await codeOf(failingStore().put('key', 'body'))).toBe(expected);
  });
});
