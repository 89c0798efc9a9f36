/** The checks of I1 to I6 refuse what they are there to refuse: a check that cannot fail is none. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AbortMultipartUploadCommand, CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HOLDER_LABEL, OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import { toJson } from '../../../activities/store/json-documents.ts';
import { layout } from '../../../core/layout.ts';
import { testDocker } from '../../support/docker.ts';
import { chaosBench } from './bench.ts';
import { type CampaignResult, resultOf } from './campaign-result.ts';
import { finished, newName, start, until } from './campaigns.ts';
import { BUCKET } from './chaos-stack.ts';
import { doctored, OF_ONE_OBJECT, withFirst } from './doctored-objects.ts';
import { type Changes, doctoredStore } from './doctored-store.ts';
import type { Examined } from './examined.ts';
import { checkInvariants, type Disturbance } from './invariants.ts';

const Manifest = z.looseObject({
  objects: z.array(z.object({ key: z.string(), size: z.int(), sha256: z.string() })),
});
const Operations = z.looseObject({
  faults: z.looseObject({ total: z.int(), latest: z.array(z.looseObject({})) }),
});

const bench = chaosBench();
/** A campaign that was disturbed, so that there are faults to tell of, and what its result is compared with. */
let name = '';
let reference: CampaignResult = {};
let problem = '';
beforeAll(async () => {
  name = newName();
  const { stack } = bench;
  await stack.model.forget();
  await start(stack, name);
  await until(stack, name, 'proposing');
  await stack.model.spoil([{ kind: 'garbage' }]);
  await finished(stack, name);
  reference = await resultOf(stack, name);
  const [first] = await stack.store.list(`${layout.campaignPrefix(name)}iterations/1/matrices/`);
  problem = first?.key.replace(/^.*\/(.+)\.json$/, '$1') ?? '';
});

type Doctored = Partial<Disturbance> & { changes?: Changes; examined?: Partial<Examined> };

const check = ({ changes = {}, examined = {}, ...disturbance }: Doctored = {}): Promise<void> => {
  const { store, s3, folder, trainerPlan, model, workers } = bench.stack;
  const stack = {
    s3,
    folder,
    trainerPlan,
    model,
    workers,
    store: doctoredStore(store, changes),
    ...examined,
  };
  return checkInvariants(stack, name, {
    ...{ reference, faults: 1, repeatedRequests: () => 100, leftWithinMs: 0 },
    ...disturbance,
  });
};

it('lets pass what was disturbed and is whole', async () => {
  await check();
});

const doctor = () => doctored(bench.stack.store, { campaignId: name, problem });

describe('I1 and I6', () => {
  it.each(OF_ONE_OBJECT)('%s', async (_, which, changes) => {
    const doctored = await changes(doctor());
    await expect(check({ changes: doctored })).rejects.toThrow(new RegExp(`^${which}: `));
  });
});

describe('I2', () => {
  /** The objects of the manifest as `change` makes them, and what was changed of what they tell. */
  const manifestBut = async (
    change: (objects: z.infer<typeof Manifest>['objects']) => unknown[],
    changes: Changes = {},
  ): Promise<Changes> => {
    const key = layout.manifest(name);
    const manifest = await bench.stack.store.readJson(key, Manifest);
    return { ...changes, [key]: toJson({ ...manifest, objects: change(manifest.objects) }) };
  };
  /** As a campaign would have it whose store was so from the beginning: hashes and sizes are those of the change. */
  const consistent = async (changes: Changes): Promise<Changes> => {
    const told = await doctoredStore(bench.stack.store, changes).list(layout.campaignPrefix(name));
    const byKey = new Map(told.map((object) => [object.key, object]));
    return manifestBut((objects) => objects.map((object) => byKey.get(object.key) ?? object), changes);
  };
  const other = 'f'.repeat(64);

  it.each<[what: string, changes: () => Promise<Changes>]>([
    [
      'a manifest with another hash',
      () => manifestBut((objects) => withFirst(objects, (o) => [{ ...o, sha256: other }])),
    ],
    [
      'a manifest with another size',
      () => manifestBut((objects) => withFirst(objects, (o) => [{ ...o, size: o.size + 1 }])),
    ],
    ['a manifest that lacks an object', () => manifestBut((objects) => objects.slice(1))],
    [
      'a manifest that lists an object twice',
      () => manifestBut((objects) => withFirst(objects, (o) => [o, o])),
    ],
    [
      'an object that nothing lists',
      async () => ({ [layout.candidates({ campaignId: name }, 1, 'p9999', 7)]: '{}\n' }),
    ],
    [
      'a failure of ours as an error of a candidate',
      async () =>
        consistent(
          await doctor().matrixBut(({ candidates, ...matrix }) => ({
            ...matrix,
            candidates: withFirst(candidates, (c) => [
              { ...c, outcomes: withFirst(c.outcomes, (o) => [o === 'error' ? 'pass' : 'error']) },
            ]),
          })),
        ),
    ],
  ])('%s', async (_, changes) => {
    await expect(check({ changes: await changes() })).rejects.toThrow(/^I2: /);
  });

  it('nothing to compare with, and settings that are missing where they may differ', async () => {
    await expect(check({ reference: {} })).rejects.toThrow(/^I2: /);
    const settings = layout.config('NAME');
    await check({ apart: [settings] });
    const { [settings]: _, ...without } = reference;
    await expect(check({ reference: without, apart: [settings] })).rejects.toThrow(/^I2: /);
  });
});

describe('I3', () => {
  const asking = (total: number, repeated: number): Doctored => ({
    examined: { model: { asked: async () => ({ total, repeated }) } },
    repeatedRequests: (different) => different / 10,
  });

  it('more repeats than were in flight, and requests that nobody counted', async () => {
    await check(asking(110, 10));
    await expect(check(asking(111, 11))).rejects.toThrow(/^I3: /);
    await expect(check(asking(0, 0))).rejects.toThrow(/^I3: /);
  });
});

describe('I4', () => {
  /** Refused while it is there, and let pass once it is gone. */
  const refusedWhile = async (what: RegExp, gone: () => Promise<unknown>): Promise<void> => {
    try {
      await expect(check()).rejects.toThrow(what);
    } finally {
      await gone();
    }
    await check();
  };

  it('a file that was half written', async () => {
    const file = join(bench.stack.folder, 'jobs', `model.safetensors.partial-${process.pid}`);
    await writeFile(file, 'half');
    await refusedWhile(/^I4: .*model\.safetensors\.partial/, () => rm(file));
  });

  it('an upload that was never completed', async () => {
    const { s3 } = bench.stack;
    const at = { Bucket: BUCKET, Key: `campaigns/${name}/half` };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    await refusedWhile(/^I4: .*upload of campaigns/, () =>
      s3.send(new AbortMultipartUploadCommand({ ...at, UploadId })),
    );
  });

  it('a container whose worker is gone', async () => {
    const docker = testDocker();
    const [image] = await docker.listImages();
    const container = await docker.createContainer({
      Image: image?.Id ?? '',
      Labels: { [OWNER_LABEL]: 'true', [HOLDER_LABEL]: 'host~1~1' },
    });
    await refusedWhile(/^I4: .*container /, () => container.remove());
  });

  it('a training job that nobody waits for', async () => {
    const job = execa('sleep', ['600'], {
      env: { FALSE_TRAINER_PLAN: bench.stack.trainerPlan },
      reject: false,
    });
    await refusedWhile(/^I4: .*training job /, async () => {
      job.kill();
      await job;
    });
  });
});

describe('I5', () => {
  const operationsBut = async (
    change: (faults: z.infer<typeof Operations>['faults']) => object,
  ): Promise<Changes> => {
    const key = layout.operations(name);
    const operations = await bench.stack.store.readJson(key, Operations);
    return {
      [key]: toJson({ ...operations, faults: { ...operations.faults, ...change(operations.faults) } }),
    };
  };

  it('a fault that the operations document does not tell of, or tells of otherwise', async () => {
    const none = { total: 0, byCode: {}, byActivity: {}, latest: [] };
    await expect(check({ changes: await operationsBut(() => none) })).rejects.toThrow(/^I5: /);
    await expect(check({ changes: await operationsBut(() => none), faults: 0 })).rejects.toThrow(/^I5: /);
    await expect(check({ changes: await operationsBut(() => ({ byCode: {} })) })).rejects.toThrow(/^I5: /);
  });

  it('fewer faults than there were', async () => {
    const { faults } = await bench.stack.store.readJson(layout.operations(name), Operations);
    await check({ faults: faults.total });
    await expect(check({ faults: faults.total + 1 })).rejects.toThrow(/^I5: /);
  });

  it('a fault that no worker has in its log', async () => {
    const folder = join(bench.stack.folder, 'bin');
    await expect(check({ examined: { folder } })).rejects.toThrow(/^I5: .*log of a worker/s);
  });
});
