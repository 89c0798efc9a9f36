/** Ends what a test run started and did not end: its processes carry a mark that they inherited. */
import { randomUUID } from 'node:crypto';
import { processesMarked } from '../infra/stack/process-identity.ts';
import { stopGroup } from '../infra/stack/stop-group.ts';
import { waitUntil } from '../infra/stack/wait-until.ts';

/** Not one of ours by its prefix, so that services get it too, which are kept free of a user's settings. */
const MARK = 'TEST_RUN_ID';
const STOP = { signal: 'SIGTERM', graceMs: 15_000 } as const;
const TIMEOUT_MS = 60_000;

/** To be called before anything is started; the function it gives tells how many processes it had to end. */
export const markTestRun = (): (() => Promise<number>) => {
  const id = randomUUID();
  process.env[MARK] = id;
  return async () => {
    const found = new Set<number>();
    await waitUntil(async () => {
      const left = await processesMarked(MARK, id);
      for (const { pid } of left) found.add(pid);
      await Promise.all(left.map((process) => stopGroup(process, STOP)));
      return left.length === 0;
    }, TIMEOUT_MS);
    return found.size;
  };
};
