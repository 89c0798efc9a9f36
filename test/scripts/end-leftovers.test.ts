import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { markTestRun } from '../../scripts/end-leftovers.ts';

it('ends a process that outlived the test which started it, and its children', async () => {
  const end = markTestRun();
  expect(await end()).toBe(0);
  // Between its fork and its program a process has no environment to be known by.
  const untilItSleeps = 'until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done';
  const left = spawn('sh', ['-c', `sleep 1000 & ${untilItSleeps}; echo started; wait`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(left, 'exit');
  await once(left.stdout, 'data');
  expect(await end()).toBe(2);
  await exited;
  expect(await end()).toBe(0);
});
