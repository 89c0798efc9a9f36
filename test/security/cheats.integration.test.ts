import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../activities/sandbox/executor.ts';
import type { ExecutionTest } from '../../core/execution/batch.ts';
import { batchOf, resultOf, testExecutor } from '../support/docker.ts';
import { BAD_SOURCES } from './cheats/bad-sources.ts';
import type { Cheat } from './cheats/cheat.ts';
import { ESCAPES } from './cheats/escapes.ts';
import { FORGERIES } from './cheats/forgeries.ts';
import { LEFTOVERS } from './cheats/leftovers.ts';
import { RESOURCES } from './cheats/resources.ts';

const HONEST = 'def add(a, b):\n    return a + b\n';
const WRONG = 'def add(a, b):\n    return a - b\n';

/** One of each form: a call, a rewritten assert, an assert that runs beside, a program. */
const TESTS: readonly ExecutionTest[] = [
  { id: 'call', call: 'add(1, 2)', expected: '3' },
  { id: 'assert', assert: 'assert add(2, 1) == 3' },
  { id: 'beside', assert: 'assert abs(add(1, 2) - 3) < 0.5' },
  { id: 'program', program: 'def check(f):\n    assert f(1, 2) == 3\n    assert f(2, 2) == 4\ncheck(add)' },
];

describe('a candidate that cheats or harms', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 2 });
  }, 120_000);
  afterAll(() => executor.close());

  const groups: readonly (readonly [string, readonly Cheat[]])[] = [
    ['forging a verdict', FORGERIES],
    ['using resources', RESOURCES],
    ['leaving', ESCAPES],
    ['what is left', LEFTOVERS],
    ['bad sources', BAD_SOURCES],
  ];
  for (const isolation of ['candidate', 'test'] as const)
    for (const [group, cheats] of groups) {
      describe(`${group} (isolation ${isolation})`, () => {
        it.each(cheats)(
          '$name: gets its own verdict and changes no sibling’s',
          { timeout: 120_000 },
          async (cheat) => {
            const matrix = await executor.execute(
              batchOf({
                tests: TESTS,
                codes: [`${HONEST}BEFORE = 1\n`, cheat.code, HONEST, WRONG],
                limits: { isolation, testTimeoutMs: 300, loadTimeoutMs: 1000, ...cheat.limits },
              }),
            );
            const passes = TESTS.map(() => 'pass');
            expect(matrix.inProcess).toBeUndefined();
            expect(resultOf(matrix, 0).outcomes).toEqual(passes);
            expect(resultOf(matrix, 2).outcomes).toEqual(passes);
            expect(resultOf(matrix, 3).outcomes).toEqual(['fail', 'fail', 'fail', 'fail']);
            for (const outcome of resultOf(matrix, 1).outcomes) expect(cheat.outcomes).toContain(outcome);
            expect(resultOf(matrix, 1).outcomes).not.toContain('pass');
          },
        );
      });
    }
});
