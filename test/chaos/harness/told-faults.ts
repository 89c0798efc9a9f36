/** I5: every attempt that came to nothing stands in a worker's log and in the operations document. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { layout } from '../../../core/layout.ts';
import { FaultRecord, summariseFaults } from '../../../core/report/faults.ts';
import type { Examined } from './examined.ts';

const Operations = z.looseObject({ faults: z.looseObject({ total: z.int(), latest: z.array(FaultRecord) }) });

/** `least`: records that the fault must have left; 0 where it may have hit nothing that was tried again. */
export const everyFaultIsTold = async (
  { store, folder }: Pick<Examined, 'store' | 'folder'>,
  name: string,
  least: number,
): Promise<void> => {
  const { faults } = await store.readJson(layout.operations(name), Operations);
  expect(faults.total, 'I5: the fault is in the operations document').toBeGreaterThanOrEqual(least);
  const kept = await Promise.all(
    (await store.list(layout.faults(name))).map(({ key }) => store.readJson(key, FaultRecord)),
  );
  expect(faults, 'I5: the operations document tells of every fault').toEqual(summariseFaults(kept));
  const logs = (await readdir(folder)).filter((file) => /^worker-.*\.log$/.test(file));
  const said = (await Promise.all(logs.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
  for (const { at, workflow, activity, attempt, code } of kept)
    expect(said, 'I5: the fault is in the log of a worker').toContain(
      `${at} ${workflow} ${activity}, attempt ${attempt}: ${code}: `,
    );
};
