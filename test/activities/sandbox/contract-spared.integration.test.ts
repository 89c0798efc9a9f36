/** docs/contracts.md on real containers: what is not run, because it ran before or can change nothing. */
import { describe, expect, it } from 'vitest';
import type { FinishedCandidate, Matrix, Outcome } from '../../../core/execution/batch.ts';
import { batchOf } from '../../support/docker.ts';
import { call, program, useExecutor } from './contract-batches.ts';

describe('execute spares', () => {
  const { executor, run } = useExecutor();

  it('runs equal texts once and keeps their number', async () => {
    const before = executor().executedPrograms;
    const matrix = await run({
      tests: [call('f()', '1')],
      codes: ['def f():\n    return 1', 'def f():\n    return 1\n\n', 'def f():\n    return 2'],
    });
    expect(matrix.candidates.map(({ outcomes }) => outcomes[0])).toEqual(['pass', 'pass', 'fail']);
    expect(executor().executedPrograms - before).toBe(2);
  });

  it('runs programs once that differ in comments and layout only', async () => {
    const before = executor().executedPrograms;
    const codes = [
      'def f():\n    return 1',
      '# the same\ndef f():\n    """Docstring."""\n    return (1)',
      'def f():\n    """Docstring."""\n    return f.__doc__ and 1',
      'def f():\n    return f.__doc__ and 1',
      'def f(:',
    ];
    const matrix = await run({ tests: [call('f()', '1')], codes });
    expect(matrix.candidates.map(({ outcomes }) => outcomes[0])).toEqual([
      ...['pass', 'pass', 'pass', 'fail', 'error'],
    ]);
    expect(executor().executedPrograms - before).toBe(4);
  });

  it('gives a hopeless candidate up, and none that another selection might need', async () => {
    const tests = Array.from({ length: 10 }, (_, index) => call(`f(${index})`, String(index)));
    const honest = Array.from({ length: 12 }, (_, index) => `N = ${index}\ndef f(x):\n    return x`);
    const hopeless = 'def f(x):\n    return 1 / (x - x)';
    const of = async (codes: readonly string[]) =>
      (await run({ tests, codes, limits: { earlyExit: true } })).candidates.map(({ outcomes }) => outcomes);
    // Four programs have answered every test when the last one starts, which is given up after the third miss.
    const outcomes = (await of([...honest, hopeless]))[12] ?? [];
    expect(outcomes.filter((outcome) => outcome === 'error')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'not-run')).toHaveLength(7);
    // Nobody answers: each test is run, since it will be dropped.
    expect(await of([hopeless])).toEqual([Array(10).fill('error')]);
  });

  it('runs first what shows an unreliable candidate, as it was seen in earlier ones', async () => {
    const tests = Array.from({ length: 10 }, (_, index) => call(`f(${index})`, String(index)));
    const outcomes = (fails: (test: number) => boolean) =>
      tests.map((_, test) => (fails(test) ? ('error' as const) : ('pass' as const)));
    const row = (id: string, fails: (test: number) => boolean) => ({
      code: undefined,
      result: { id, outcomes: outcomes(fails), outputs: tests.map(() => null), durationMs: 0 },
    });
    const earlier = [row('e1', (test) => test >= 7), row('e2', () => false)];
    const half = 'def f(x):\n    return x if x < 7 else 1 / 0';
    const batch = batchOf({ tests, codes: [half], limits: { earlyExit: true } });
    const matrix = await executor().execute(batch, { earlier });
    expect(matrix.candidates[0]?.outcomes).toEqual([...Array(7).fill('not-run'), 'error', 'error', 'error']);
  });

  it('takes the whole row of an equal program that ran before, and runs the others', async () => {
    const tests = [call('f(1)', '2'), call('f(2)', '4')];
    const row = (id: string, code: string, outcomes: Outcome[]) => ({
      code,
      result: {
        id,
        outcomes,
        outputs: outcomes.map((outcome) => (outcome === 'pass' ? '0' : null)),
        durationMs: 0,
      },
    });
    // What these rows say no run would say: so it shows where a row was taken.
    const earlier = [
      row('e1', 'def f(x):\n    return x + x', ['pass', 'crash']),
      row('e2', 'def f(x):\n    return 2 * x', ['crash', 'flaky']),
      row('e3', 'def f(x):\n    return 3 * x', ['crash', 'not-run']),
      row('e4', 'def f(x):\n    return 4 * x', ['crash']),
    ];
    const codes = [
      'def f(x):\n    # Twice.\n    return (x + x)\n',
      'def f(x):\n    return x + x',
      'def f(x):\n    return 2 * x',
      'def f(x):\n    return 3 * x',
      'def f(x):\n    return 4 * x',
      'def f(x):\n    return x * 2',
    ];
    const before = executor().executedPrograms;
    const told: number[] = [];
    const { candidates } = await executor().execute(batchOf({ tests, codes }), {
      earlier,
      onPrograms: (programs, shared) => told.push(programs, shared),
    });
    expect(candidates.map(({ outcomes }) => outcomes)).toEqual([
      ['pass', 'crash'],
      ['pass', 'crash'],
      ['pass', 'pass'],
      ['fail', 'fail'],
      ['fail', 'fail'],
      ['pass', 'pass'],
    ]);
    expect(candidates.map(({ id }) => id)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5']);
    expect(candidates[0]?.outputs).toEqual(['0', null]);
    expect(told).toEqual([4, 2]);
    expect(executor().executedPrograms - before).toBe(4);
  });

  it('goes on from earlier results', async () => {
    const seen: string[] = [];
    const batch = batchOf({
      tests: [call('f()', '1')],
      codes: ['def f():\n    return 1', 'def f():\n    return 2'],
    });
    const earlier = { id: 'c0', outcomes: ['crash' as const], outputs: [null], durationMs: 5 };
    const matrix = await executor().execute(batch, {
      resume: [earlier],
      onResult: ({ id }) => seen.push(id),
    });
    expect(seen).toEqual(['c1']);
    expect(matrix.candidates[0]).toEqual(earlier);
  });

  it('goes on from earlier results to the matrix that it would have made at once', async () => {
    const code = 'class P:\n    def __init__(s, x): s.x = x\n    def __eq__(s, o): return s.x == o.x\n';
    const batch = batchOf({ tests: [program('assert P(1) == P(1)')], codes: [code, 'P = str'] });
    const reported: FinishedCandidate[] = [];
    const whole = await executor().execute(batch, { onResult: (result) => reported.push(result) });
    expect(whole.inProcess).toEqual(whole.tests);
    const resumed = await executor().execute(batch, {
      resume: reported.filter(({ id }) => id === 'c0'),
    });
    const untimed = ({ candidates, ...rest }: Matrix) => ({
      ...rest,
      candidates: candidates.map(({ durationMs: _, ...result }) => result),
    });
    expect(untimed(resumed)).toEqual(untimed(whole));
  });
});
