/** Honest programs and tests in forms that are odd but fair: what keeps cheats out must not refuse them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../activities/sandbox/executor.ts';
import { batchOf, resultOf, testExecutor } from '../support/docker.ts';

/** Each doubles its argument. */
const CANDIDATES: Readonly<Record<string, string>> = {
  'prints a lot': 'def f(x):\n    for i in range(3000): print("line", i)\n    return x * 2',
  'recurses 950 deep':
    'def f(x):\n    def r(n): return 0 if n == 0 else 1 + r(n - 1)\n    return x * 2 if r(950) else 0',
  'recurses 50,000 deep':
    'import sys\nsys.setrecursionlimit(100000)\ndef f(x):\n    def r(n): return 0 if n == 0 else 1 + r(n - 1)\n    return x * 2 if r(50000) else 0',
  'remembers by a decorator':
    'from functools import lru_cache\n@lru_cache(maxsize=None)\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\ndef f(x): return x * 2 if fib(300) else 0',
  'remembers in a global': 'C = {}\ndef f(x):\n    if x not in C: C[x] = x * 2\n    return C[x]',
  'joins its threads':
    'from concurrent.futures import ThreadPoolExecutor\ndef f(x):\n    with ThreadPoolExecutor(4) as p: return sum(p.map(lambda v: v, [x, x]))',
  'runs a loop of coroutines':
    'import asyncio\nasync def g(x):\n    await asyncio.sleep(0)\n    return x * 2\ndef f(x): return asyncio.run(g(x))',
  'is a class': 'class f:\n    def __new__(cls, x): return x * 2',
  'is a partial': 'from functools import partial\nimport operator\nf = partial(operator.mul, 2)',
  'is an object': 'class C:\n    def __call__(self, x): return x * 2\nf = C()',
  'is decorated':
    'import functools\ndef d(g):\n    @functools.wraps(g)\n    def w(*a): return g(*a)\n    return w\n@d\ndef f(x): return x * 2',
  'is set by name': 'import sys\nsetattr(sys.modules[__name__], "f", lambda x: x * 2)',
  'is a closure': 'def make(n):\n    def f(x): return x * n\n    return f\nf = make(2)',
  'has a main part':
    'def f(x): return x * 2\nif __name__ == "__main__":\n    import sys\n    sys.exit(f(int(input())))',
  'begins with a byte order mark': '\ufeffdef f(x): return x * 2',
  'has other line ends': 'def f(x):\r\n\f    return x * 2\r\n',
  'names an encoding': '# -*- coding: latin-1 -*-\ndef f(x): return x * 2',
  'is one long line': `def f(x): return x * 2${' + 0'.repeat(900)}`,
  'is nested deeply': `def f(x): return ${'('.repeat(150)}x * 2${')'.repeat(150)}`,
  'has annotations that are text':
    'from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import ClassVar\n@dataclass\nclass N:\n    v: int\n    c: ClassVar[int] = 1\ndef f(x: N) -> list[N]: return N(x * 2).v',
  'matches and assigns':
    'def f(x):\n    match x:\n        case int() if (y := x * 2): return y\n        case _: return 0',
  'catches a group of exceptions':
    'def f(x):\n    try: raise ExceptionGroup("a", [ValueError(1)])\n    except* ValueError: x *= 2\n    return x',
  'imports everything': 'from math import *\nfrom collections import *\ndef f(x): return int(pow(x, 1) * 2)',
  'uses a temporary file':
    'import tempfile\ndef f(x):\n    with tempfile.TemporaryFile("w+") as t:\n        t.write(str(x * 2)); t.seek(0)\n        return int(t.read())',
  'swaps its output':
    'import io, contextlib\ndef f(x):\n    b = io.StringIO()\n    with contextlib.redirect_stdout(b): print(x * 2)\n    return int(b.getvalue())',
  'closes its output': 'import sys\ndef f(x):\n    sys.stdout.close()\n    return x * 2',
  'prints what is no text':
    'import sys\ndef f(x):\n    sys.stdout.buffer.write(bytes(range(256)))\n    return x * 2',
  'sets an alarm':
    'import signal\ndef f(x):\n    signal.signal(signal.SIGALRM, lambda *a: None)\n    signal.alarm(9)\n    return x * 2',
  'catches an exit': 'def f(x):\n    try: raise SystemExit\n    except SystemExit: return x * 2',
  'pickles its objects':
    'import pickle\nclass A: v = 2\ndef f(x): return pickle.loads(pickle.dumps(A())).v * x',
  'looks at its signature':
    'import inspect\ndef f(x): return x * 2 if list(inspect.signature(f).parameters) == ["x"] else 0',
  'tests itself':
    'def f(x):\n    """\n    >>> f(1)\n    2\n    """\n    return x * 2\nimport doctest\ndoctest.testmod()',
  'returns a float': 'def f(x): return x * 2.0',
  'returns a decimal': 'from decimal import Decimal\ndef f(x): return Decimal(x) * 2',
  'returns a member of an enumeration': 'import enum\nE = enum.IntEnum("E", {"A": 6})\ndef f(x): return E.A',
};

const MODULE = `
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
Point = namedtuple("Point", "x y")
class Wrong(ValueError): pass
def same(x): return x
def fail(x): raise Wrong("no")
def numbers():
    yield from (1, 2)
def count(text): return Counter(text)
def later(day): return day + timedelta(days=1)
def noon(): return datetime(2024, 1, 2, 12, tzinfo=timezone.utc)
def turn(line):
    line.rotate(1)
    return line
def point(): return Point(1, 2)
def groups():
    found = defaultdict(list)
    found["a"].append(1)
    return found
def ordered(): return OrderedDict(a=1)
def rotate(line): line.rotate(1)
`;

/** Each holds for `MODULE`, and is judged outside of its process. */
const TESTS: readonly string[] = [
  'assert callable(same)',
  'assert hasattr(same, "__name__") and same.__name__ == "same"',
  'assert issubclass(Wrong, ValueError)',
  'assert list(map(same, [1, 2])) == [1, 2]',
  'assert sorted([3, 1], key=same) == [1, 3]',
  'assert max([1, 2], key=lambda x: same(x)) == 2',
  'assert sum(map(same, [1, 2])) == 3',
  'assert next(numbers()) == 1 and list(numbers()) == [1, 2]',
  'assert [*numbers()] == [1, 2] and tuple(numbers()) == (1, 2)',
  'exec("assert same(1) == 1")',
  'from collections import Counter\nassert count("aab") == Counter(a=2, b=1)',
  'assert count("aab").most_common(1) == [("a", 2)]',
  'import datetime\nassert later(datetime.date(2024, 2, 28)) == datetime.date(2024, 2, 29)',
  'from datetime import datetime, timezone\nassert noon() == datetime(2024, 1, 2, 12, tzinfo=timezone.utc) and noon().hour == 12',
  'from collections import deque\nassert turn(deque([1, 2, 3])) == deque([3, 1, 2])',
  'from collections import deque\nline = deque([1, 2, 3], 3)\nrotate(line)\nassert list(line) == [3, 1, 2] and line.maxlen == 3',
  'assert point() == (1, 2) and point().x == 1',
  'assert groups() == {"a": [1]} and groups()["b"] == []',
  'from collections import OrderedDict\nassert ordered() == OrderedDict(a=1) and list(ordered()) == ["a"]',
  'try:\n    fail(1)\nexcept ValueError as problem:\n    assert str(problem) == "no"\nelse:\n    assert False',
  'import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(same(1), 1)\nassert unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(T)).wasSuccessful()',
];

describe('an honest program', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 2 });
  }, 120_000);
  afterAll(() => executor.close());

  it.each(['candidate', 'test'] as const)('in an odd form passes (isolation %s)', async (isolation) => {
    const tests = [
      { id: 'call', call: 'f(3)', expected: '6' },
      { id: 'again', call: 'f(3)', expected: '6' },
      { id: 'program', program: 'def check(c):\n    assert c(3) == 6\ncheck(f)' },
    ];
    const limits = { isolation, testTimeoutMs: 3000 };
    const codes = Object.values(CANDIDATES);
    const { candidates } = await executor.execute(batchOf({ tests, codes, limits }));
    const verdicts = Object.keys(CANDIDATES).map((name, at) => [name, candidates[at]?.outcomes]);
    expect(verdicts).toEqual(Object.keys(CANDIDATES).map((name) => [name, ['pass', 'pass', 'pass']]));
  });

  it('is tested outside of its process in common forms', async () => {
    const tests = TESTS.map((program, at) => ({ id: `t${at}`, program }));
    const asserts = TESTS.map((assert, at) => ({ id: `a${at}`, assert }));
    const matrix = await executor.execute(
      batchOf({ tests: [...tests, ...asserts], codes: [MODULE], limits: { testTimeoutMs: 3000 } }),
    );
    const { outcomes } = resultOf(matrix, 0);
    expect([...TESTS, ...TESTS].filter((_, at) => outcomes[at] !== 'pass')).toEqual([]);
    expect(matrix.inProcess ?? []).toEqual([]);
  });
});
