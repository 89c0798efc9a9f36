/** The engine is killed in mid-batch and comes back: nothing is lost, and at most what was in flight is run again. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { IN_FLIGHT as IN_FLIGHT_OF_EACH } from '../../../activities/sandbox/batch-run.ts';
import { OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import type { Executor } from '../../../activities/sandbox/executor.ts';
import { RunnerContainer } from '../../../activities/sandbox/runner-container.ts';
import type { CandidateResult } from '../../../core/execution/batch.ts';
import { waitUntil } from '../../../infra/stack/wait-until.ts';
import { batchOf, testExecutor } from '../../support/docker.ts';
import { type OwnEngine, ownEngine } from '../../support/own-engine.ts';

const CONTAINERS = 2;
/** At work, waiting for it in the runner, or answered and not yet sent. */
const IN_FLIGHT = IN_FLIGHT_OF_EACH * CONTAINERS;
const PROGRAMS = 40;
const KILL_AT = 12;

const SLOW = (n: number) => `import time\ndef f(x):\n    time.sleep(0.02)\n    return x + ${n}\n`;
const tests = Array.from({ length: 5 }, (_, x) => ({ id: `t${x}`, call: `f(${x})`, expected: String(x) }));
const batch = batchOf({ tests, codes: Array.from({ length: PROGRAMS }, (_, n) => SLOW(n)) });

const expectWhole = (candidates: readonly CandidateResult[]) => {
  expect(candidates.map(({ id }) => id)).toEqual(batch.candidates.map(({ id }) => id));
  candidates.forEach(({ outcomes }, index) => {
    expect(outcomes).toEqual(tests.map(() => (index === 0 ? 'pass' : 'fail')));
  });
};

describe('an engine that is killed', () => {
  let engine: OwnEngine | undefined;
  let executor: Executor;
  const runs = vi.spyOn(RunnerContainer.prototype, 'run');

  beforeAll(async () => {
    engine = await ownEngine();
  });
  beforeEach(async ({ skip }) => {
    if (!engine) return skip('an engine of the test’s own cannot be started here');
    runs.mockClear();
    executor = await testExecutor({ docker: engine.docker, containers: CONTAINERS });
    return () => executor.close();
  });
  afterAll(() => engine?.close());

  const restart = async () => {
    await engine?.kill();
    await engine?.start();
  };
  const noneLeft = () =>
    waitUntil(async () => {
      const filters = { label: [OWNER_LABEL] };
      return (await engine?.docker.listContainers({ all: true, filters }))?.length === 0;
    }, 60_000);

  it('is waited for, and the batch goes on', async () => {
    const reported: string[] = [];
    let restarted: Promise<void> | undefined;
    const { candidates } = await executor.execute(batch, {
      onResult: ({ id }) => {
        reported.push(id);
        if (reported.length === KILL_AT) restarted = restart();
      },
    });
    await restarted;
    expectWhole(candidates);
    expect(new Set(reported).size).toBe(reported.length);
    expect(runs.mock.calls.length).toBeGreaterThan(PROGRAMS);
    expect(runs.mock.calls.length).toBeLessThanOrEqual(PROGRAMS + IN_FLIGHT);
    await executor.close();
    expect(await noneLeft()).toBe(true);
  });

  it('costs a later attempt nothing of what was reported', async () => {
    const abort = new AbortController();
    const reported: CandidateResult[] = [];
    let restarted: Promise<void> | undefined;
    const first = executor.execute(batch, {
      signal: abort.signal,
      onResult: (result) => {
        reported.push(result);
        if (reported.length !== KILL_AT) return;
        restarted = restart();
        abort.abort();
      },
    });
    await expect(first).rejects.toThrow(/abort/i);
    runs.mockClear();
    const known = [...reported];
    const again: string[] = [];
    const { candidates } = await executor.execute(batch, {
      resume: known,
      onResult: ({ id }) => again.push(id),
    });
    await restarted;
    expectWhole(candidates);
    const open = batch.candidates.filter(({ id }) => !known.some((result) => result.id === id));
    expect(again.toSorted()).toEqual(open.map(({ id }) => id).toSorted());
    expect(runs.mock.calls.length).toBeLessThanOrEqual(open.length + IN_FLIGHT);
  });
});
