/** Faults of ours are never a candidate's: what had no result is run again, and nothing else. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { thisHolder } from '../../../activities/holder.ts';
import { IN_FLIGHT } from '../../../activities/sandbox/batch-run.ts';
import { HOLDER_LABEL, OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import { RunnerContainer } from '../../../activities/sandbox/runner-container.ts';
import { pythonImageTag } from '../../../infra/sandbox/image.ts';
import { languageNamed } from '../../../infra/sandbox/languages.ts';
import { batchOf, testDocker, testExecutor } from '../../support/docker.ts';

const docker = testDocker();
const ownContainers = async () =>
  (await docker.listContainers({ filters: { label: [OWNER_LABEL] } })).filter(({ Labels }) =>
    Labels['ucoder.holder']?.includes(`~${process.pid}~`),
  );

const SLOW = (n: number) => `import time\ndef f(x):\n    time.sleep(0.02)\n    return x + ${n}\n`;
const tests = Array.from({ length: 5 }, (_, x) => ({ id: `t${x}`, call: `f(${x})`, expected: String(x) }));

describe('a pool', () => {
  it('removes what an ended worker left, also where its process id is used again', async () => {
    const leave = async (holder: string) =>
      docker.createContainer({
        Image: pythonImageTag(),
        Labels: { [OWNER_LABEL]: 'true', [HOLDER_LABEL]: holder },
      });
    const own = await leave(await thisHolder());
    const left = await leave(`${hostname()}~${process.pid}~1`);
    const executor = await testExecutor({ containers: 1 });
    try {
      await executor.execute(batchOf({ tests, codes: ['def f(x):\n    return x'] }));
      await expect(left.inspect()).rejects.toMatchObject({ statusCode: 404 });
      await own.inspect();
    } finally {
      await executor.close();
      await own.remove();
    }
  });
});

describe('a batch', () => {
  it('loses nothing when its containers are killed', { timeout: 120_000 }, async () => {
    const executor = await testExecutor({ containers: 2 });
    try {
      const codes = Array.from({ length: 40 }, (_, n) => SLOW(n));
      let finished = 0;
      let kills = 0;
      const kill = async () => {
        for (const { Id } of await ownContainers())
          await docker
            .getContainer(Id)
            .kill()
            .catch(() => undefined);
      };
      const matrix = await executor.execute(batchOf({ tests, codes }), {
        onResult: () => {
          finished += 1;
          if (finished % 12 === 0 && kills < 2) {
            kills += 1;
            void kill();
          }
        },
      });
      expect(kills).toBe(2);
      expect(finished).toBe(40);
      matrix.candidates.forEach(({ outcomes }, index) => {
        expect(outcomes).toEqual(tests.map(() => (index === 0 ? 'pass' : 'fail')));
      });
    } finally {
      await executor.close();
    }
  });

  it('runs again only what was in flight when a runner is killed', { timeout: 120_000 }, async ({ skip }) => {
    const runs = vi.spyOn(RunnerContainer.prototype, 'run');
    const executor = await testExecutor({ containers: 1 });
    try {
      // Its process is the container's first; the engine may be on another machine.
      const runnerPid = async () => {
        const [own] = await ownContainers();
        if (!own) throw new Error('No container of this process.');
        const { Pid } = (await docker.getContainer(own.Id).inspect()).State;
        return (await readFile(`/proc/${Pid}/cmdline`, 'utf8').catch(() => '')).includes('ucoder-runner')
          ? Pid
          : undefined;
      };
      await executor.execute(batchOf({ tests, codes: [SLOW(0)] }));
      const pid = await runnerPid();
      if (pid === undefined) return skip('the runner is no process of this machine');
      runs.mockClear();
      const reported: string[] = [];
      const codes = Array.from({ length: 20 }, (_, n) => SLOW(n));
      const { candidates } = await executor.execute(batchOf({ tests, codes }), {
        onResult: ({ id }) => {
          if (reported.push(id) === 7) process.kill(pid, 'SIGKILL');
        },
      });
      expect(new Set(reported).size).toBe(reported.length);
      candidates.forEach(({ outcomes }, index) => {
        expect(outcomes).toEqual(tests.map(() => (index === 0 ? 'pass' : 'fail')));
      });
      // What the runner had at hand: the one at work, those that wait for it, and answers not sent yet.
      expect(runs.mock.calls.length).toBeGreaterThan(codes.length);
      expect(runs.mock.calls.length).toBeLessThanOrEqual(codes.length + IN_FLIGHT);
    } finally {
      await executor.close();
      runs.mockRestore();
    }
  });

  it('goes on in another container when one freezes', { timeout: 120_000 }, async () => {
    const executor = await testExecutor({ containers: 1, silenceMs: 1000 });
    try {
      const codes = Array.from({ length: 20 }, (_, n) => SLOW(n));
      const limits = { loadTimeoutMs: 500, testTimeoutMs: 200, candidateTimeoutMs: 500 };
      let frozen: string | undefined;
      let finished = 0;
      const { candidates } = await executor.execute(batchOf({ tests, codes, limits }), {
        onResult: () => {
          finished += 1;
          if (finished !== 7) return;
          void ownContainers().then(async ([own]) => {
            if (!own) return;
            frozen = own.Id;
            await docker.getContainer(own.Id).pause();
          });
        },
      });
      expect(finished).toBe(codes.length);
      expect(frozen).toBeDefined();
      candidates.forEach(({ outcomes }, index) => {
        expect(outcomes).toEqual(tests.map(() => (index === 0 ? 'pass' : 'fail')));
      });
      // The frozen one is gone.
      await expect.poll(async () => (await ownContainers()).some(({ Id }) => Id === frozen)).toBe(false);
    } finally {
      await executor.close();
    }
  });

  it('ends at once when it is cancelled', { timeout: 60_000 }, async () => {
    const executor = await testExecutor({ containers: 1 });
    try {
      const abort = new AbortController();
      const codes = Array.from({ length: 200 }, (_, n) => SLOW(n));
      const run = executor.execute(batchOf({ tests, codes }), {
        signal: abort.signal,
        onResult: () => abort.abort(),
      });
      await expect(run).rejects.toThrow(/abort/i);
      // The executor goes on with the next one.
      const next = await executor.execute(batchOf({ tests, codes: [SLOW(0)] }));
      expect(next.candidates[0]?.outcomes).toEqual(tests.map(() => 'pass'));
    } finally {
      await executor.close();
    }
  });

  it('fails with advice where the image is missing or no engine answers', async () => {
    const unmade = { ...languageNamed('python'), environment: { IMAGE: 'never made' } };
    const executor = await testExecutor({ languages: [unmade] });
    await expect(executor.execute(batchOf({ tests, codes: [SLOW(0)] }))).rejects.toMatchObject({
      code: 'sandbox-image-missing',
    });
    await executor.close();
    const { default: Dockerode } = await import('dockerode');
    await expect(
      testExecutor({ docker: new Dockerode({ socketPath: '/nonexistent' }) }),
    ).rejects.toMatchObject({ code: 'engine-unavailable' });
  });

  it('runs several problems at once, each with its own tests', { timeout: 120_000 }, async () => {
    const executor = await testExecutor({ containers: 2 });
    try {
      const batches = Array.from({ length: 12 }, (_, n) =>
        batchOf({
          tests: [{ id: 't', call: `g(${n})`, expected: String(n * 2) }],
          codes: Array.from({ length: 6 }, (_, k) => `def g(x):\n    return x * 2 + ${k}\n`),
        }),
      );
      const matrices = await Promise.all(batches.map((batch) => executor.execute(batch)));
      for (const { candidates } of matrices) {
        expect(candidates.map(({ outcomes }) => outcomes[0])).toEqual([
          'pass',
          'fail',
          'fail',
          'fail',
          'fail',
          'fail',
        ]);
      }
    } finally {
      await executor.close();
    }
  });
});
