/** docs/contracts.md, line by line, on real containers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../../activities/sandbox/executor.ts';
import type { ExecutionTest, Outcome } from '../../../core/execution/batch.ts';
import { type BatchParts, batchOf, resultOf, testExecutor } from '../../support/docker.ts';

describe('execute', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 2 });
  }, 120_000);
  afterAll(() => executor.close());

  const run = (parts: BatchParts) => executor.execute(batchOf(parts));

  /** The outcomes and outputs of one program. */
  const judge = async (code: string, tests: readonly ExecutionTest[], limits: BatchParts['limits'] = {}) => {
    const matrix = await run({ tests, codes: [code], limits });
    const { outcomes, outputs } = resultOf(matrix, 0);
    return { outcomes, outputs, inProcess: matrix.inProcess ?? [], invalid: matrix.invalidTests };
  };

  const call = (source: string, expected = 'None', tolerance?: number): ExecutionTest => ({
    id: `${source} -> ${expected} ${tolerance ?? ''}`.trim().slice(0, 150),
    call: source,
    expected,
    ...(tolerance === undefined ? {} : { tolerance }),
  });
  const assertion = (source: string): ExecutionTest => ({ id: source.replaceAll('\n', ' '), assert: source });
  const program = (source: string): ExecutionTest => ({
    id: source.slice(0, 150).replaceAll(/[\n\0]/g, ' '),
    program: source,
  });

  it('answers the example of the contract', async () => {
    const { outcomes, outputs } = await judge(
      'def add(a, b):\n    return a + b\ndef mean(x):\n    return sum(x) / len(x)',
      [
        call('add(1, 2)', '3'),
        call('mean([1, 2])', '1.5', 1e-9),
        assertion('assert add(0, 0) == 0'),
        program('def check(f):\n    assert f(1, 1) == 2\ncheck(add)'),
      ],
    );
    expect(outcomes).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(outputs).toEqual(['3', '1.5', null, null]);
  });

  it('sets tests that cannot be compiled aside, with a reason', async () => {
    const tests = [
      call('f(', '1'),
      call('x = 1', '1'),
      call('f()', 'g()'),
      call('f()', '1 + 1'),
      call('f()', '[1'),
      call('f()', ''),
      assertion('assert ('),
      program('def f(:\n'),
      program('x = "\0"'),
      call('f()', '1'),
    ];
    const matrix = await run({ tests, codes: ['def f():\n    return 1'] });
    expect(matrix.tests).toEqual(['f() -> 1']);
    expect(matrix.invalidTests).toHaveLength(9);
    for (const { reason } of matrix.invalidTests) expect(reason.length).toBeGreaterThan(5);
  });

  it('accepts empty lists', async () => {
    expect(await run({ tests: [], codes: [] })).toMatchObject({ tests: [], candidates: [] });
    expect((await run({ tests: [], codes: ['x'] })).candidates[0]).toMatchObject({
      outcomes: [],
      outputs: [],
    });
    expect((await run({ tests: [call('f()')], codes: [] })).tests).toHaveLength(1);
  });

  const table: readonly (readonly [string, string, Outcome])[] = [
    ['AssertionError while the test runs', 'def f():\n    assert False', 'fail'],
    ['another exception', 'def f():\n    return 1 / 0', 'error'],
    ['KeyboardInterrupt', 'def f():\n    raise KeyboardInterrupt', 'error'],
    ['RecursionError', 'def f():\n    return f()', 'error'],
    ['SystemExit at the top level', 'raise SystemExit', 'error'],
    ['AssertionError at the top level', 'assert False\ndef f():\n    return 1', 'error'],
    ['a missing function', 'x = 1', 'error'],
    ['sys.exit during a test', 'import sys\ndef f():\n    sys.exit(0)', 'crash'],
    ['exit()', 'def f():\n    exit()', 'error'],
    ['a returned object', 'def f():\n    return object()', 'fail'],
    ['a returned generator', 'def f():\n    yield 1', 'fail'],
    ['MemoryError', 'def f():\n    return [0] * 10 ** 12', 'memory'],
    [
      'MemoryError that is caught',
      'def f():\n    try:\n        return [0] * 10 ** 12\n    except MemoryError:\n        return 1',
      'pass',
    ],
    ['input() at the end of an empty input', 'def f():\n    return input()', 'error'],
    [
      'standard input read to its end',
      'import sys\ndef f():\n    return 1 if sys.stdin.read() == "" else 0',
      'pass',
    ],
    [
      'the module not being __main__',
      'def f():\n    return 1\nif __name__ == "__main__":\n    raise ValueError',
      'pass',
    ],
    [
      'a few threads',
      'import threading\ndef f():\n    x = []\n    t = [threading.Thread(target=x.append, args=(1,)) for _ in range(4)]\n    [y.start() for y in t]\n    [y.join() for y in t]\n    return len(x) - 3',
      'pass',
    ],
    [
      'asyncio',
      'import asyncio\nasync def g():\n    await asyncio.sleep(0)\n    return 1\ndef f():\n    return asyncio.run(g())',
      'pass',
    ],
    [
      'dataclasses',
      'from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef f():\n    return P(1).x',
      'pass',
    ],
    ['a byte order mark', '\ufeffdef f():\n    return 1', 'pass'],
    ['an encoding comment', '# -*- coding: latin-1 -*-\ndef f():\n    return len("é")', 'pass'],
    [
      'future annotations',
      'from __future__ import annotations\ndef f(x: Nothing = 1):\n    return x',
      'pass',
    ],
    ['output below the limit', 'def f():\n    print("x" * 60000)\n    return 1', 'pass'],
    [
      'output above the limit on both streams together',
      'import sys\ndef f():\n    print("x" * 40000)\n    print("x" * 40000, file=sys.stderr)\n    return 1',
      'output-limit',
    ],
    ['output while loading', 'print("x" * 100000)\ndef f():\n    return 1', 'pass'],
    [
      'a temporary file',
      'import tempfile\ndef f():\n    with tempfile.TemporaryFile() as t:\n        t.write(b"x")\n        return 1',
      'pass',
    ],
  ];
  it.each(table)('%s', { timeout: 60_000 }, async (_, code, outcome) => {
    const { outcomes } = await judge(code, [call('f()', '1'), call('f()  ', '1')]);
    expect(outcomes).toEqual([outcome, outcome]);
  });

  const values: readonly (readonly [string, string, string, Outcome])[] = [
    ['True', '1', 'True', 'pass'],
    ['2', '2.0', '2', 'pass'],
    ['[1, 2]', '(1, 2)', '[1, 2]', 'fail'],
    ['(1,)', '(1,)', '(1,)', 'pass'],
    ['float("nan")', 'nan', 'nan', 'pass'],
    ['[float("nan")]', "[float('nan')]", '[nan]', 'pass'],
    ['-float("inf")', '-inf', '-inf', 'pass'],
    ['{3, 1, 2}', '{1, 2, 3}', '{1, 2, 3}', 'pass'],
    ['{10, 9}', '{9, 10}', '{10, 9}', 'pass'],
    ['frozenset({1})', '{1}', 'frozenset({1})', 'pass'],
    ['set()', 'set()', 'set()', 'pass'],
    ['frozenset()', 'set()', 'frozenset()', 'pass'],
    ['{"b": 1, "a": 2}', "{'a': 2, 'b': 1}", "{'a': 2, 'b': 1}", 'pass'],
    ['b"a\\n"', "b'a\\n'", "b'a\\n'", 'pass'],
    ['bytearray(b"x")', "b'x'", "b'x'", 'pass'],
    ['1 + 2j', '1+2j', '(1+2j)', 'pass'],
    ['10 ** 30', '1e30', '1000000000000000000000000000000', 'fail'],
    ['2 ** 70', '1180591620717411303424.0', '1180591620717411303424', 'pass'],
    ['1e16', '10000000000000000', '1e+16', 'pass'],
    ['0.1 + 0.2', '0.3', '0.30000000000000004', 'fail'],
    ['"it\'s"', '"it\'s"', '"it\'s"', 'pass'],
    ['"\\u00e9\\u200b\\U0001f600"', "'é\\u200b😀'", "'é\\u200b😀'", 'pass'],
    ['None', 'None', 'None', 'pass'],
    ['collections.Counter("aab")', "{'a': 2, 'b': 1}", "{'a': 2, 'b': 1}", 'pass'],
    ['collections.OrderedDict(a=1)', "{'a': 1}", "{'a': 1}", 'pass'],
    ['collections.namedtuple("P", "x y")(1, 2)', '(1, 2)', '(1, 2)', 'pass'],
    ['fractions.Fraction(1, 2)', '0.5', '0.5', 'pass'],
    ['fractions.Fraction(4, 2)', '2', '2', 'pass'],
    ['decimal.Decimal("1.5")', '1.5', '1.5', 'pass'],
    ['enum.IntEnum("E", "A B").B', '2', '2', 'pass'],
    ['collections.deque([1])', '[1]', 'null', 'fail'],
    ['range(3)', '[0, 1, 2]', 'null', 'fail'],
    ['len', 'None', 'null', 'fail'],
    ['2 ** 20000 == 1', 'False', 'False', 'pass'],
  ];
  it.each(values)('compares %s with %s', async (expression, expected, output, outcome) => {
    const code = `import collections, fractions, decimal, enum\ndef f():\n    return ${expression}`;
    const { outcomes, outputs } = await judge(code, [call('f()', expected)]);
    expect(outcomes).toEqual([outcome]);
    expect(outputs).toEqual([output === 'null' ? null : output]);
  });

  it('writes integers of any length', async () => {
    const { outcomes, outputs } = await judge('def f():\n    return 7 ** 30000', [
      call('f()', String(7n ** 30000n)),
    ]);
    expect(outcomes).toEqual(['pass']);
    expect(outputs).toEqual([String(7n ** 30000n)]);
  });

  it('limits results to 1 MiB and a depth of 100', async () => {
    const code = `
def s(n):
    return 'x' * (n - 2)
def d(n):
    x = 0
    for _ in range(n):
        x = [x]
    return x
`;
    const { outcomes } = await judge(code, [
      call('s(1048576)', "''"),
      call('s(1048577)', "''"),
      call('d(100)', "''"),
      call('d(101)', "''"),
    ]);
    expect(outcomes).toEqual(['fail', 'output-limit', 'fail', 'output-limit']);
  });

  it('compares with a tolerance anywhere in the value', async () => {
    const code = 'def f():\n    return {"a": [1.0000000001, (2, {3.0000000001})]}\ndef g():\n    return 3';
    const { outcomes } = await judge(code, [
      call('f()', "{'a': [1, (2, {3})]}", 1e-9),
      call('f()', "{'a': [1, (2, {3})]}"),
      call('g()', '3.1', 0.05),
      call('g()', '4', 10),
    ]);
    expect(outcomes).toEqual(['pass', 'fail', 'pass', 'fail']);
  });

  it('judges asserts of the usual forms outside', async () => {
    const code = 'def f(x):\n    return x\ndef g():\n    return 1\n';
    const { outcomes, inProcess } = await judge(code, [
      assertion('assert f(1) == 1'),
      assertion('assert 1 == f(1), "message"'),
      assertion('assert f(True) is True'),
      assertion('assert f(1) is True'),
      assertion('assert f(None) is None'),
      assertion('assert f(1) is not None'),
      assertion('assert not f(0)'),
      assertion('assert f([1])'),
      assertion('assert f([])'),
      assertion('assert f(1) != 2'),
      assertion('assert len(f([1, 2])) == 2'),
      assertion('assert sorted(f([2, 1])) == [1, 2]'),
      assertion('assert f(f(1)) == 1'),
      assertion('assert 0 < f(1) < 2'),
      assertion('assert isinstance(f(1), int) and g() == 1'),
      assertion('assert f(1) in (1, 2)'),
      assertion('assert all(f(x) == x for x in range(5))'),
      assertion('x = [1]\nassert f(x) == x'),
    ]);
    expect(outcomes).toEqual([
      ...['pass', 'pass', 'pass', 'fail', 'pass', 'pass', 'pass', 'pass', 'fail', 'pass', 'pass', 'pass'],
      ...['pass', 'pass', 'pass', 'pass', 'pass', 'pass'],
    ]);
    expect(inProcess).toEqual([]);
  });

  it('runs programs beside the candidate', async () => {
    const code = `
import math
LIMIT = 5
class MyError(ValueError):
    pass
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
        return self
    def __len__(self):
        return len(self.items)
def sort_in_place(x):
    x.sort()
def fail(x):
    raise MyError(x)
def bad():
    raise KeyError('k')
def numbers():
    yield 1
    yield 2
def pair():
    from collections import namedtuple
    return namedtuple('P', 'x y')(1, 2)
def adder(n):
    return lambda x: x + n
`;
    const { outcomes, inProcess } = await judge(
      code,
      [
        program('x = [3, 1, 2]\ny = x\nsort_in_place(x)\nassert y == [1, 2, 3]'),
        program('assert LIMIT == 5 and math.floor(2.5) == 2'),
        program('s = Stack()\ns.push(1).push(2)\nassert len(s) == 2 and s.items == [1, 2]'),
        program(
          'try:\n    fail("x")\nexcept MyError as e:\n    assert str(e) == "x"\nelse:\n    assert False',
        ),
        program('try:\n    fail("x")\nexcept ValueError:\n    pass'),
        program('try:\n    bad()\nexcept KeyError:\n    pass\nelse:\n    assert False'),
        program('bad()'),
        program('assert list(numbers()) == [1, 2]'),
        program('p = pair()\nassert p.x == 1 and p == (1, 2)'),
        program('assert adder(2)(3) == 5'),
        program(
          'import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(LIMIT, 5)\nT("test").debug()',
        ),
        program('nothing()'),
        program('assert False'),
        program('import sys\nsys.exit(0)'),
        program('while True:\n    pass'),
      ],
      { testTimeoutMs: 300 },
    );
    expect(outcomes).toEqual([
      ...['pass', 'pass', 'pass', 'pass', 'pass', 'pass', 'error', 'pass', 'pass', 'pass', 'pass', 'error'],
      ...['fail', 'crash', 'timeout'],
    ]);
    expect(inProcess).toEqual([]);
  });

  it('runs a program inside where values cannot travel, and says so', async () => {
    const code =
      'def apply(f, x):\n    return f(x)\nclass P:\n    def __init__(s, x): s.x = x\n    def __eq__(s, o): return s.x == o.x\n';
    const tests = [
      program('assert apply(lambda x: x + 1, 2) == 3'),
      program('assert P(1) == P(1)'),
      program('assert P(1) == P(2)'),
      program('a = [1]\nassert apply(list, a) is not a'),
    ];
    const { outcomes, inProcess } = await judge(code, tests);
    expect(outcomes).toEqual(['pass', 'pass', 'fail', 'pass']);
    expect(inProcess).toEqual(tests.map(({ id }) => id));
  });

  it('shows a test nothing of what an earlier one left', async () => {
    const code = `
import functools
seen = []
def default(x=[]):
    x.append(1)
    return len(x)
def count():
    seen.append(1)
    return len(seen)
@functools.lru_cache
def cached():
    return count()
def closure():
    cached.n = getattr(cached, 'n', 0) + 1
    return cached.n
def clear(x):
    x.clear()
    return x
`;
    const names = ['default()', 'count()', 'cached()', 'closure()'];
    const tests = [1, 2, 3].flatMap((round) => [
      ...names.map((name): ExecutionTest => ({ id: `${name} ${round}`, call: name, expected: '1' })),
      { id: `clear ${round}`, call: 'clear([1])', expected: '[]' },
      { id: `program ${round}`, program: 'assert count() == 1' },
    ]);
    expect((await judge(code, tests)).outcomes).toEqual(tests.map(() => 'pass'));
  });

  it('loads a slow module without counting it as the tests’ time', { timeout: 60_000 }, async () => {
    const code =
      'x = 0\nfor i in range(2000000):\n    x += i\nseen = []\ndef f(n):\n    seen.append(n)\n    return len(seen)';
    const tests = Array.from(
      { length: 20 },
      (_, n): ExecutionTest => ({ id: `t${n}`, call: `f(${n})`, expected: '1' }),
    );
    const limits = { testTimeoutMs: 50, candidateTimeoutMs: 500 };
    expect((await judge(code, tests, limits)).outcomes).toEqual(tests.map(() => 'pass'));
  });

  it('gives the rest up after two timeouts', { timeout: 60_000 }, async () => {
    const code = 'def f(n):\n    while n % 2: pass\n    return n';
    const tests = [0, 1, 2, 3, 4, 5].map(
      (n): ExecutionTest => ({ id: `t${n}`, call: `f(${n})`, expected: String(n) }),
    );
    const { outcomes } = await judge(code, tests, { testTimeoutMs: 100 });
    expect(outcomes).toEqual(['pass', 'timeout', 'pass', 'timeout', 'timeout', 'timeout']);
  });

  it('gives the rest up when the candidate’s time is spent', { timeout: 60_000 }, async () => {
    const code =
      'import time\ndef f(n):\n    end = time.process_time() + 0.1\n    while time.process_time() < end: pass\n    return n';
    const tests = Array.from(
      { length: 10 },
      (_, n): ExecutionTest => ({ id: `t${n}`, call: `f(${n})`, expected: String(n) }),
    );
    const { outcomes } = await judge(code, tests, { testTimeoutMs: 300, candidateTimeoutMs: 450 });
    expect(outcomes.slice(0, 3)).toEqual(['pass', 'pass', 'pass']);
    expect(outcomes.slice(5)).toEqual(['timeout', 'timeout', 'timeout', 'timeout', 'timeout']);
  });

  it('counts a load that does not end as a timeout of every test', { timeout: 60_000 }, async () => {
    const { outcomes } = await judge('while True: pass', [call('f()'), program('f()')], {
      loadTimeoutMs: 200,
    });
    expect(outcomes).toEqual(['timeout', 'timeout']);
  });

  it('counts the time of threads', { timeout: 60_000 }, async () => {
    const code =
      'import threading\ndef f():\n    def spin():\n        while True: pass\n    t = threading.Thread(target=spin)\n    t.start()\n    t.join()';
    expect((await judge(code, [call('f()')], { testTimeoutMs: 200 })).outcomes).toEqual(['timeout']);
  });

  it('marks what a shuffled second run contradicts as flaky', async () => {
    const code = `
import builtins, random
def same(x):
    return x
def drawn(x):
    return random.random()
def counted(x):
    builtins.n = getattr(builtins, 'n', 0) + 1
    return builtins.n
`;
    const tests = Array.from({ length: 8 }, (_, n): ExecutionTest[] => [
      { id: `s${n}`, call: `same(${n})`, expected: String(n) },
      { id: `d${n}`, call: `drawn(${n})`, expected: '0' },
      { id: `c${n}`, call: `counted(${n})`, expected: '0' },
    ]).flat();
    const { outcomes, outputs } = await judge(code, tests, { repeat: 2 });
    const of = (kind: string) => outcomes.filter((_, index) => tests[index]?.id.startsWith(kind));
    expect(of('s')).toEqual(Array(8).fill('pass'));
    expect(of('d')).toEqual(Array(8).fill('flaky'));
    expect(of('c')).toContain('flaky');
    expect(outputs[outcomes.indexOf('flaky')]).toBeNull();
  });

  it('runs equal texts once and keeps their number', async () => {
    const before = executor.executedPrograms;
    const matrix = await run({
      tests: [call('f()', '1')],
      codes: ['def f():\n    return 1', 'def f():\n    return 1\n\n', 'def f():\n    return 2'],
    });
    expect(matrix.candidates.map(({ outcomes }) => outcomes[0])).toEqual(['pass', 'pass', 'fail']);
    expect(executor.executedPrograms - before).toBe(2);
  });

  it('runs programs once that differ in comments and layout only', async () => {
    const before = executor.executedPrograms;
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
    expect(executor.executedPrograms - before).toBe(4);
  });

  it('gives a hopeless candidate up, and none that another selection might need', async () => {
    const tests = Array.from({ length: 10 }, (_, index) => call(`f(${index})`, String(index)));
    const honest = Array.from({ length: 12 }, (_, index) => `N = ${index}\ndef f(x):\n    return x`);
    const hopeless = 'def f(x):\n    return 1 / (x - x)';
    const of = async (codes: readonly string[]) =>
      (await run({ tests, codes, limits: { earlyExit: true } })).candidates.map(({ outcomes }) => outcomes);
    // When the last one starts, others have answered every test.
    expect((await of([...honest, hopeless]))[12]).toEqual([
      ...Array(3).fill('error'),
      ...Array(7).fill('not-run'),
    ]);
    // Nobody answers: each test is run, since it will be dropped.
    expect(await of([hopeless])).toEqual([Array(10).fill('error')]);
  });

  it('goes on from earlier results', async () => {
    const seen: string[] = [];
    const batch = batchOf({
      tests: [call('f()', '1')],
      codes: ['def f():\n    return 1', 'def f():\n    return 2'],
    });
    const earlier = { id: 'c0', outcomes: ['crash' as const], outputs: [null], durationMs: 5 };
    const matrix = await executor.execute(batch, { resume: [earlier], onResult: ({ id }) => seen.push(id) });
    expect(seen).toEqual(['c1']);
    expect(matrix.candidates[0]).toEqual(earlier);
  });
});
