/** The checks of I1 to I6 refuse what they are there to refuse: a check that cannot fail is none. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AbortMultipartUploadCommand, CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HOLDER_LABEL, OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import { toJson, toJsonLines } from '../../../activities/store/json-documents.ts';
import { Matrix } from '../../../core/execution/batch.ts';
import { layout } from '../../../core/layout.ts';
import { testDocker } from '../../support/docker.ts';
import { chaosBench } from './bench.ts';
import { type CampaignResult, resultOf } from './campaign-result.ts';
import { finished, newName, start, until } from './campaigns.ts';
import { BUCKET } from './chaos-stack.ts';
import { type Changes, doctoredStore } from './doctored-store.ts';
import type { Examined } from './examined.ts';
import { checkInvariants, type Disturbance } from './invariants.ts';

const Named = z.looseObject({ id: z.string() });
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

const matrixKey = (): string => layout.matrix({ campaignId: name }, 1, problem);
const matrixBut = async (change: (matrix: Matrix) => Matrix): Promise<Changes> => ({
  [matrixKey()]: toJson(change(await bench.stack.store.readJson(matrixKey(), Matrix))),
});
const chunkKey = (): string => layout.candidates({ campaignId: name }, 1, problem, 0);
const chunkBut = async (change: (lines: z.infer<typeof Named>[]) => unknown[]): Promise<Changes> => ({
  [chunkKey()]: toJsonLines(change(await bench.stack.store.readJsonLines(chunkKey(), Named))),
});
const verdictsKey = async (): Promise<string> => {
  const found = await bench.stack.store.list(`${layout.campaignPrefix(name)}iterations/1/work/verdicts/`);
  return found[0]?.key ?? '';
};
const verdictsBut = async (change: (lines: z.infer<typeof Named>[]) => unknown[]): Promise<Changes> => {
  const key = await verdictsKey();
  return { [key]: toJsonLines(change(await bench.stack.store.readJsonLines(key, Named))) };
};

/** The first member as `change` makes it; none where it makes undefined. */
const withFirst = <T>(list: readonly T[], change: (first: T) => T[]): T[] => [
  ...list.slice(0, 1).flatMap(change),
  ...list.slice(1),
];

describe('I1 and I6', () => {
  const refused: [what: string, which: string, changes: () => Promise<Changes>][] = [
    ['a matrix that is missing', 'I1', async () => ({ [matrixKey()]: null })],
    [
      'a matrix of no problem',
      'I1',
      async () => ({
        [layout.matrix({ campaignId: name }, 1, 'p9999')]: await bench.stack.store.read(matrixKey()),
      }),
    ],
    ['a matrix of another problem', 'I1', () => matrixBut((matrix) => ({ ...matrix, id: 'p9999' }))],
    [
      'a verdict that is missing',
      'I1',
      () =>
        matrixBut(({ candidates, ...matrix }) => ({
          ...matrix,
          candidates: withFirst(candidates, (c) => [{ ...c, outcomes: c.outcomes.slice(1) }]),
        })),
    ],
    [
      'a verdict that is there twice',
      'I1',
      () =>
        matrixBut(({ candidates, ...matrix }) => ({
          ...matrix,
          candidates: withFirst(candidates, (c) => [
            { ...c, outcomes: withFirst(c.outcomes, (outcome) => [outcome, outcome]) },
          ]),
        })),
    ],
    [
      'an output that is missing',
      'I1',
      () =>
        matrixBut(({ candidates, ...matrix }) => ({
          ...matrix,
          candidates: withFirst(candidates, (c) => [{ ...c, outputs: c.outputs.slice(1) }]),
        })),
    ],
    [
      'a test that all candidates lack',
      'I1',
      () =>
        matrixBut(({ candidates, tests, ...matrix }) => ({
          ...matrix,
          tests: tests.slice(1),
          candidates: candidates.map((c) => ({
            ...c,
            outcomes: c.outcomes.slice(1),
            outputs: c.outputs.slice(1),
          })),
        })),
    ],
    [
      'a test that stands twice in place of another',
      'I1',
      () =>
        matrixBut(({ tests, ...matrix }) => ({
          ...matrix,
          tests: withFirst(tests, () => [tests[1] ?? '']),
        })),
    ],
    [
      'a candidate that was not judged',
      'I1',
      () => matrixBut((matrix) => ({ ...matrix, candidates: matrix.candidates.slice(1) })),
    ],
    [
      'a candidate that was judged twice',
      'I1',
      () => matrixBut((matrix) => ({ ...matrix, candidates: withFirst(matrix.candidates, (c) => [c, c]) })),
    ],
    ['a candidate that was sampled and is not stored', 'I1', () => chunkBut((lines) => lines.slice(1))],
    ['a candidate that is stored twice', 'I1', () => chunkBut((lines) => withFirst(lines, (c) => [c, c]))],
    ['answers that were never judged', 'I1', async () => ({ [await verdictsKey()]: null })],
    ['an answer that was judged twice', 'I1', () => verdictsBut((lines) => withFirst(lines, (a) => [a, a]))],
    ['verdicts without an answer', 'I1', () => verdictsBut(() => [])],
    ...(['timeout', 'memory', 'crash', 'flaky', 'not-run', 'output-limit'] as const).map(
      (outcome): [string, string, () => Promise<Changes>] => [
        `a failure of ours as a candidate's: ${outcome}`,
        'I6',
        () =>
          matrixBut(({ candidates, ...matrix }) => ({
            ...matrix,
            candidates: withFirst(candidates, (c) => [
              { ...c, outcomes: withFirst(c.outcomes, () => [outcome]) },
            ]),
          })),
      ],
    ),
    [
      'a failure of ours as an answer’s',
      'I6',
      () => verdictsBut((lines) => withFirst(lines, (a) => [{ ...a, outcomes: ['not-run'] }])),
    ],
  ];
  it.each(refused)('%s', async (_, which, changes) => {
    await expect(check({ changes: await changes() })).rejects.toThrow(new RegExp(`^${which}: `));
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
          await matrixBut(({ candidates, ...matrix }) => ({
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
