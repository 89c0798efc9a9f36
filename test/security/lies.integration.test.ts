/** Candidates whose answers are no plain data, or whose second function vouches for the first: never believed unmarked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../activities/sandbox/executor.ts';
import type { ExecutionTest } from '../../core/execution/batch.ts';
import { batchOf, resultOf, testExecutor } from '../support/docker.ts';

const forge = (reply: string): string =>
  `import os, struct\nt = ${JSON.stringify(reply)}.encode()\nos.write(3, struct.pack('<cIIII', b'L', 0, 0, 0, 0))\nos.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, len(t)) + t)\nwhile True: pass\n`;

const VOUCHING =
  'isclose = copy = lambda *a: True\nclass tools:\n    isclose = isclose\nANSWER = 9.0\ndef f(x): return 9.0';

/** What it does, the program, the candidate. Each would pass if the candidate were believed. */
const LIES: readonly (readonly [string, string, string])[] = [
  [
    'subtracts to nothing',
    'assert abs(f(1) - 1.5) < 1e-6',
    'class L:\n    __sub__ = lambda s, o: 0.0\ndef f(x): return L()',
  ],
  [
    'has an absolute value of nothing',
    'assert abs(f(1) - 1.5) < 1e-6',
    'class L:\n    __sub__ = lambda s, o: s\n    __abs__ = lambda s: 0.0\ndef f(x): return L()',
  ],
  [
    'starts with everything',
    'assert f("abc").startswith("xyz")',
    'class L:\n    startswith = lambda s, o: True\ndef f(x): return L()',
  ],
  [
    'is a subset of everything',
    'assert f(1).issubset({5})',
    'class L:\n    issubset = lambda s, o: True\ndef f(x): return L()',
  ],
  [
    'contains everything when asked by name',
    'assert f(1).__contains__(7)',
    'class L:\n    __contains__ = lambda s, o: True\ndef f(x): return L()',
  ],
  ['vouches for itself', 'assert isclose(f(1), 2.0)', 'isclose = lambda *a, **k: True\ndef f(x): return 9.0'],
  [
    'vouches for itself through a variable',
    'def check(candidate):\n    s = candidate([1, 2])\n    assert abs(poly([1, 2], s)) < 1e-4\ncheck(f)',
    'poly = lambda *a: 0.0\ndef f(x): return 9.0',
  ],
  [
    'undoes what it never did',
    'def check(candidate):\n    for s in ("a", "b"):\n        assert candidate(encode(s)) == s\ncheck(f)',
    'encode = f = lambda s: s',
  ],
  ['agrees with its own reference', 'assert f(3) == slow(3)', 'f = slow = lambda x: 0'],
  [
    'ends a map by an exception',
    'assert all(map(lambda p: f(p[0]) == p[1], [(1, 2), (2, 3)]))',
    'def f(x): raise StopIteration',
  ],
  [
    'ends a zip by an exception',
    'for a, b in zip(map(f, [1, 2]), [2, 3]):\n    assert a == b',
    'def f(x): raise StopIteration',
  ],
  [
    'raises a kind of StopIteration',
    'assert list(map(f, [1, 2])) == []',
    'class S(StopIteration): pass\ndef f(x): raise S',
  ],
  [
    'is not the main module',
    'if __name__ == "__main__":\n    assert f(1) == 2',
    '__name__ = "x"\ndef f(x): return 0',
  ],
  ['is no function', 'assert callable(f)', 'f = object()'],
  ['has no documentation', 'assert f.__doc__', 'def f(x): return x'],
  [
    'gives nothing to go through',
    'from collections.abc import Iterable, Sized, Callable\nassert isinstance(f(1), (Iterable, Sized, Callable))',
    'class L: pass\ndef f(x): return L()',
  ],
  ['gives another class', 'assert type(f(1)) == type(f(2))', 'def f(x): return type(f"T{x}", (), {})()'],
  [
    'brings its own built-ins',
    'assert all([f(1) == 2])',
    forge(`('ok', {'f': remote(0, ['call'], 'f'), '__builtins__': {'all': remote(1, ['call'], 'all')}}, {})`),
  ],
  [
    'brings its own check',
    'import math\nassert math.isclose(f(1), 2.0)',
    forge(`('ok', {'f': 9.0, 'math': remote(1, ['call'], 'math')}, {})`),
  ],
  [
    'starts with everything, as a named tuple',
    'assert f("abc").startswith("xyz")',
    'from collections import namedtuple\nT = namedtuple("T", "startswith")\ndef f(x): return T(lambda *a: True)',
  ],
  [
    'hands back what it is told',
    'assert f(1).union({1, 2}) == {1, 2}',
    'class L:\n    union = lambda s, o: o\ndef f(x): return L()',
  ],
  [
    'is smaller than everything',
    'assert max(f(1), 5) == 5',
    'class L:\n    __gt__ = lambda *a: False\n    __lt__ = lambda *a: True\ndef f(x): return L()',
  ],
  ['vouches under another name', 'g = isclose\nassert g(f(1), 2.5)', VOUCHING],
  ['vouches as an argument', 'def check(same, c):\n    assert same(c(1), 2.5)\ncheck(isclose, f)', VOUCHING],
  ['vouches out of a table', 'ops = {"near": isclose}\nassert ops["near"](f(1), 2.5)', VOUCHING],
  ['vouches by a method', 'assert tools.isclose(f(1), 2.5)', VOUCHING],
  ['vouches under the name of a module', 'assert copy(f(1), 2.5)', VOUCHING],
  [
    'vouches for what a helper returns',
    'def answer():\n    return f(1)\nassert isclose(answer(), 2.5)',
    VOUCHING,
  ],
  ['vouches in text that is executed', 'exec("assert isclose(f(1), 2.5)")', VOUCHING],
  ['brings the answer as a constant', 'assert abs(f(1) - ANSWER) < 1e-6', VOUCHING],
  [
    'answers with a module',
    'assert f(1).eq(1, 1)',
    forge(`('ok', {'f': module('operator')}, {})`).replace(
      'while True: pass',
      `os.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, 0))\nwhile True: pass`,
    ),
  ],
  ['answers before it is asked', 'assert f(1) == 2', forge(`('ok', 2, {})`)],
];

const asTests = (program: string): ExecutionTest[] => [
  { id: 'program', program },
  ...(program.startsWith('assert ') ? [{ id: 'assert', assert: program }] : []),
];

describe('a candidate that is not believed', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 1 });
  }, 120_000);
  afterAll(() => executor.close());

  for (const isolation of ['candidate', 'test'] as const) {
    it.each(LIES)(`where it %s (isolation ${isolation})`, async (_, program, code) => {
      const limits = { isolation, testTimeoutMs: 300 };
      const matrix = await executor.execute(batchOf({ tests: asTests(program), codes: [code], limits }));
      const marked = new Set(matrix.inProcess ?? []);
      resultOf(matrix, 0).outcomes.forEach((outcome, index) => {
        if (!marked.has(matrix.tests[index] ?? '')) expect(outcome).not.toBe('pass');
      });
    });
  }

  it('but honest objects and two honest functions are', async () => {
    const code = `
class Stack:
    def __init__(self): self.items = []
    def push(self, x): self.items.append(x)
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
def numbers():
    yield 1
def add(a, b): return a + b
def sub(a, b): return a - b
async def later(x): return x
`;
    const programs = [
      's = Stack()\ns.push(1)\nassert len(s) == 1 and s.pop() == 1',
      'from collections.abc import Iterator\nassert isinstance(numbers(), Iterator) and list(numbers()) == [1]',
      'assert add(1, 2) == 3\nassert sub(add(1, 2), 2) == 1',
      'g = numbers()\nnext(g)\ntry:\n    next(g)\n    assert False\nexcept StopIteration:\n    pass',
      'if __name__ == "__main__":\n    assert add(1, 2) == 3',
      'assert callable(add) and not callable(Stack())',
      'import asyncio\nassert asyncio.run(later(3)) == 3',
    ];
    const tests = programs.map((program, index) => ({ id: `t${index}`, program }));
    const matrix = await executor.execute(batchOf({ tests, codes: [code] }));
    expect(resultOf(matrix, 0).outcomes).toEqual(programs.map(() => 'pass'));
    expect(matrix.inProcess).toEqual(['t2', 't6']);
  });
});
