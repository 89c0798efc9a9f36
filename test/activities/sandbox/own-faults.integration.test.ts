/** A child that cannot be confined is a fault of ours: the batch fails and can be run again, nothing is judged. */
import { describe, expect, it } from 'vitest';
import { type Patch, weakenBy } from '../../security/defences/defence.ts';
import { batchOf, testExecutor } from '../../support/docker.ts';

const CALLS = [{ id: 't', call: 'f(1)', expected: '1' }];
const BESIDE = [{ id: 't', program: 'assert sum(f(x) for x in range(3)) == 3' }];
const CODES = ['def f(x):\n    return x\n'];

/** No user has this number, so that the step to it fails as the kernel’s refusal would. */
const nobody = (from: string, uid: string): Patch => ['runner.py', from, from.replace(uid, '-5')];

const FAULTS: readonly (readonly [string, Patch, typeof CALLS | typeof BESIDE])[] = [
  ['reads tests', ['confine.py', '    os.setsid()\n', '    raise OSError(1, "refused")\n'], CALLS],
  ['runs calls', nobody('"forks" if forks else "calls",\n            uid,', 'uid'), CALLS],
  ['examines', nobody('"examiner",\n            other_uid,', 'other_uid'), BESIDE],
  ['is examined', nobody('"server",\n            uid,', 'uid'), BESIDE],
];

describe('a process that cannot be confined', () => {
  it.each(FAULTS)('and %s fails the batch', { timeout: 120_000 }, async (_, patch, tests) => {
    const executor = await testExecutor({ containers: 1, weaken: weakenBy({ runner: [patch] }) });
    try {
      let judged = 0;
      const run = executor.execute(batchOf({ tests, codes: CODES }), {
        onResult: () => {
          judged += 1;
        },
      });
      await expect(run).rejects.toMatchObject({
        code: 'sandbox-failed',
        message: expect.stringMatching(/confined|examiner|EOFError/),
      });
      expect(judged).toBe(0);
    } finally {
      await executor.close();
    }
  });
});
