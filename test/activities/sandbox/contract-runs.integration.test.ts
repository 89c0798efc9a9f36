/** docs/contracts.md on real containers: programs, state between tests, and time. */
import { describe, expect, it } from 'vitest';
import type { ExecutionTest } from '../../../core/execution/batch.ts';
import { call, program, useExecutor } from './contract-batches.ts';

describe('execute runs', () => {
  const { judge } = useExecutor();

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

  it.each(['candidate', 'test'] as const)(
    'counts what is printed by test, however much came before (isolation %s)',
    { timeout: 60_000 },
    async (isolation) => {
      const tests = Array.from({ length: 300 }, (_, n) => call(`f(${n})`, String(n)));
      const limits = { isolation, outputBytes: 65_536 };
      const talks = await judge("def f(n):\n    print('x' * 60_000)\n    return n", tests, limits);
      expect(new Set(talks.outcomes)).toEqual(new Set(['pass']));
      const floods = await judge("def f(n):\n    while True: print('x' * 1000)", tests.slice(0, 4), limits);
      expect(floods.outcomes).toEqual(Array(4).fill('output-limit'));
    },
  );

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
});
