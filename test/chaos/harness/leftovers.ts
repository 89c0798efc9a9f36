/** I4: no container, training job, half-written file or half upload is left that nobody owns. */
import { readdir } from 'node:fs/promises';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { Container } from 'dockerode';
import { expect } from 'vitest';
import { SEPARATOR } from '../../../activities/holder.ts';
import { HOLDER_LABEL, OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import { processesMarked } from '../../../infra/stack/process-identity.ts';
import { waitUntil } from '../../../infra/stack/wait-until.ts';
import { testDocker } from '../../support/docker.ts';
import { BUCKET } from './chaos-stack.ts';
import type { Examined } from './examined.ts';

/** What the project promises. */
const WITHIN_MS = 60_000;

export const nothingIsLeft = async (examined: Examined, withinMs = WITHIN_MS): Promise<void> => {
  const left = async () => [
    ...(await orphanContainers(examined)),
    ...(await processesMarked('FALSE_TRAINER_PLAN', examined.trainerPlan)).map(
      ({ pid }) => `training job ${pid}`,
    ),
    ...(await readdir(examined.folder, { recursive: true })).filter((file) => /\.partial-/.test(file)),
    ...((await examined.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? []).map(
      ({ Key }) => `upload of ${Key}`,
    ),
  ];
  await waitUntil(async () => (await left()).length === 0, withinMs, { everyMs: 250 });
  const remains = await left();
  expect(remains.length, `I4: left are ${remains.join(', ')}`).toBe(0);
};

const exists = (container: Container): Promise<boolean> =>
  container.inspect().then(
    () => true,
    (thrown: { statusCode?: number }) => thrown.statusCode !== 404,
  );

const orphanContainers = async ({ workers }: Examined): Promise<string[]> => {
  const docker = testDocker();
  const found = await docker.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  const orphans: string[] = [];
  for (const { Id, Labels } of found) {
    if ((Labels[HOLDER_LABEL] ?? '').split(SEPARATOR)[1] === String(workers.sandbox.pid)) continue;
    // An engine that was killed while it removed a container lists it until it starts again, and has none.
    if (await exists(docker.getContainer(Id))) orphans.push(`container ${Id.slice(0, 12)}`);
  }
  return orphans;
};
