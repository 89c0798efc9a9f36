/** I1 to I6 of a campaign that was disturbed, against one that was not. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { Container } from 'dockerode';
import { expect } from 'vitest';
import { z } from 'zod';
import { HOLDER_LABEL, OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import { Matrix } from '../../../core/execution/batch.ts';
import { layout } from '../../../core/layout.ts';
import { FaultRecord } from '../../../core/report/faults.ts';
import { waitUntil } from '../../../infra/stack/wait-until.ts';
import { testDocker } from '../../support/docker.ts';
import { BUCKET, type ChaosStack } from './chaos-stack.ts';

const Manifest = z.object({
  objects: z.array(z.object({ key: z.string(), size: z.int(), sha256: z.string() })),
});
const Operations = z.looseObject({ faults: z.object({ total: z.int(), latest: z.array(FaultRecord) }) });

/** Hash of every object of the result by key, the campaign's own name taken out of both. */
export type CampaignResult = Readonly<Record<string, string>>;

const sha256 = (body: Buffer | string): string => createHash('sha256').update(body).digest('hex');

/** A retry changes where what is made again lies, and what is named after that place: ids of training jobs, too. */
const OF_A_RETRY = /\/work\/training\/|\/checkpoint\/manifest\.json$/;
const withoutRevisions = (text: string): string =>
  text
    .replaceAll(/(iterations\/|iteration-)(\d+)\.r\d+/g, '$1$2')
    .replace(/,\s*"revisions": \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/, '');

/** What manifest.json lists, each object compared with its hash there; after a retry, what does not depend on it. */
export const resultOf = async (
  { store }: ChaosStack,
  name: string,
  { isRetried = false } = {},
): Promise<CampaignResult> => {
  const { objects } = await store.readJson(layout.manifest(name), Manifest);
  const plain = (text: string): string => {
    const nameless = text.replaceAll(name, 'NAME');
    return isRetried ? withoutRevisions(nameless) : nameless;
  };
  const entries = await Promise.all(
    objects.map(async ({ key, sha256: listed }) => {
      const body = await store.read(key);
      expect(sha256(body), key).toBe(listed);
      return [plain(key), sha256(plain(body.toString('latin1')))] as const;
    }),
  );
  return Object.fromEntries(entries.filter(([key]) => !isRetried || !OF_A_RETRY.test(key)));
};

/** Requests that a fault may have cost twice, where the campaign asked so many different ones: what was in flight. */
export type Allowance = (different: number) => number;

export type Disturbance = {
  reference: CampaignResult;
  repeatedRequests: Allowance;
  /** Keys of the result, with NAME for the campaign's, that tell of another beginning: those of its settings. */
  apart?: readonly string[];
  /** Whether a person had a part of it done again. */
  isRetried?: boolean;
  /** Least number of records in the operations document; 0 where the fault hit nothing that was tried again. */
  faults: number;
};

export const checkInvariants = async (
  stack: ChaosStack,
  name: string,
  { reference, repeatedRequests, faults, apart = [], isRetried = false }: Disturbance,
): Promise<void> => {
  await eachVerdictOnce(stack, name);
  const unlike = Object.fromEntries(apart.map((key) => [key, 'apart']));
  const result = { ...(await resultOf(stack, name, { isRetried })), ...unlike };
  const expected = Object.entries(reference).filter(([key]) => !isRetried || !OF_A_RETRY.test(key));
  expect(result, 'I2: the result is that of the undisturbed run').toEqual({
    ...Object.fromEntries(expected),
    ...unlike,
  });
  const { total, repeated } = await stack.model.asked();
  console.info(`I3: ${repeated} of ${total} requests were repeats`);
  const allowed = repeatedRequests(total - repeated);
  expect(repeated, 'I3: repeated work is what was in flight').toBeLessThanOrEqual(allowed);
  await nothingIsLeft(stack);
  const operations = await stack.store.readJson(layout.operations(name), Operations);
  expect(operations.faults.total, 'I5: the fault is in the operations document').toBeGreaterThanOrEqual(
    faults,
  );
};

/** I1 and I6: all candidates and tests in every matrix, each once, and no verdict that is not a candidate's own. */
const eachVerdictOnce = async ({ store }: ChaosStack, name: string): Promise<void> => {
  const matrices = await store.list(`${layout.campaignPrefix(name)}iterations/1/matrices/`);
  expect(matrices.length, 'I1: every problem has a matrix').toBe(3);
  for (const { key } of matrices) {
    const { tests, candidates } = await store.readJson(key, Matrix);
    expect(new Set(tests).size).toBe(tests.length);
    expect(candidates.map(({ id }) => id)).toEqual(Array.from({ length: 8 }, (_, n) => `c000${n + 1}`));
    for (const { outcomes } of candidates) {
      expect(outcomes).toHaveLength(tests.length);
      for (const outcome of outcomes) expect(['pass', 'fail', 'error'], 'I6').toContain(outcome);
    }
  }
};

/** I4: within a minute there is no container without a worker, no half-written file, no half upload. */
const nothingIsLeft = async (stack: ChaosStack): Promise<void> => {
  const left = async () => [
    ...(await orphanContainers(stack)),
    ...(await readdir(stack.folder, { recursive: true })).filter((file) => /\.partial-/.test(file)),
    ...((await stack.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? []).map(
      ({ Key }) => `upload of ${Key}`,
    ),
  ];
  await waitUntil(async () => (await left()).length === 0, 60_000, { everyMs: 250 });
  expect(await left(), 'I4: nothing is left').toEqual([]);
};

const exists = (container: Container): Promise<boolean> =>
  container.inspect().then(
    () => true,
    (thrown: { statusCode?: number }) => thrown.statusCode !== 404,
  );

const orphanContainers = async ({ workers }: ChaosStack): Promise<string[]> => {
  const docker = testDocker();
  const found = await docker.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  const orphans: string[] = [];
  for (const { Id, Labels } of found) {
    if ((Labels[HOLDER_LABEL] ?? '').split('~')[1] === String(workers.sandbox.pid)) continue;
    // An engine that was killed while it removed a container lists it until it starts again, and has none.
    if (await exists(docker.getContainer(Id))) orphans.push(`container ${Id.slice(0, 12)}`);
  }
  return orphans;
};
