/** docs/contracts.md, line by line, on real containers: values and verdicts. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../core/execution/batch.ts';
import { assertion, call, program, useExecutor } from './contract-batches.ts';

describe('execute', () => {
  const { judge, run } = useExecutor();

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
});
