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
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { thisHolder } from '../../../activities/holder.ts';
import { createStore } from '../../../activities/store/create-store.ts';
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

const connectionTo = (server: Server) => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return { endpoint: `http://127.0.0.1:${port}`, credentials, region: 'us-east-1' };
};

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

const HOUR_MS = 3_600_000;

describe('S3Store on a clock that jumps', () => {
  afterEach(() => vi.useRealTimers());

  it('looks up, reads and writes at any time, and when the clock has just been put right', async () => {
    const jumping = createStore({ forcePathStyle: true }, store.bucket);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [index, jump] of [0, HOUR_MS, 0, -HOUR_MS, 0, HOUR_MS, -HOUR_MS].entries()) {
      const key = `${prefix}/jump-${index}`;
      vi.setSystemTime(now + jump);
      expect(await jumping.find(key)).toBeUndefined();
      vi.setSystemTime(now - jump);
      await jumping.put(key, 'body');
      vi.setSystemTime(now);
      expect(await jumping.find(key)).toMatchObject({ size: 4 });
      vi.setSystemTime(now + jump);
      expect((await jumping.read(key)).toString()).toBe('body');
    }
  });

  describe('beside a server', () => {
    let server: Server;
    let answer: () => { status: number; aheadMs: number };
    let requests: number;
    beforeEach(async () => {
      requests = 0;
      server = createServer((_, response) => {
        requests += 1;
        const { status, aheadMs } = answer();
        response.writeHead(status, { date: new Date(Date.now() + aheadMs).toUTCString() }).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => server.close());
    const storeThere = () => createStore({ ...connectionTo(server), forcePathStyle: true }, 'bucket');

    it('asks once for what is not there, though the clock is wrong', async () => {
      answer = () => ({ status: 404, aheadMs: HOUR_MS });
      const there = storeThere();
      for (let look = 1; look <= 40; look += 1) {
        expect(await there.find('key')).toBeUndefined();
        expect(requests).toBe(look);
      }
    });

    it('tells a refusal for its time from one for its key, however often it comes', async () => {
      answer = () => ({ status: 403, aheadMs: 0 });
      expect(await codeOf(storeThere().find('key'))).toBe('store-refused');
      expect(requests).toBe(1);
      // Another clock each time, so that the client cannot follow it.
      answer = () => ({ status: 403, aheadMs: requests * HOUR_MS });
      expect(await codeOf(storeThere().find('key'))).toBe('store-unavailable');
      expect(requests).toBe(1 + 3);
    });
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

  const failingStore = (): S3Store =>
    new S3Store(new S3Client({ ...connectionTo(server), forcePathStyle: true, maxAttempts: 1 }), 'bucket');

  it.each([
    [503, 'store-unavailable'],
    [500, 'store-unavailable'],
    [403, 'store-refused'],
  ])('answers HTTP %i with %s', async (code, expected) => {
    status = code;
    expect(await codeOf(failingStore().put('key', 'body'))).toBe(expected);
  });
});
