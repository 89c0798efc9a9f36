/** Cheats that are aimed at tests which run beside the candidate, where its answers travel through proxies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../activities/sandbox/executor.ts';
import { batchOf, resultOf, testExecutor } from '../support/docker.ts';

const check = (body: string, name = 'f'): string =>
  `def check(candidate):\n${body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\ncheck(${name})`;

const HONEST = 'def f(x):\n    return sorted(x)\n';

const CHEATS: readonly (readonly [string, string, string])[] = [
  [
    'clears its argument',
    check('x = [3, 1]\nassert candidate(x) == sorted(x)'),
    'def f(x):\n    x.clear()\n    return []',
  ],
  ['redefines check', check('assert candidate([2, 1]) == [1, 2]'), 'def check(*a): pass\ndef f(x): return 0'],
  [
    'redefines abs',
    check('assert abs(candidate([2, 1])[0] - 1) < 0.1'),
    'def abs(x): return 0\ndef f(x): return [9]',
  ],
  [
    'redefines all',
    check('assert all(candidate([n, 1]) == sorted([n, 1]) for n in range(5))'),
    'def all(x): return True\ndef f(x): return 0',
  ],
  ['redefines len', check('assert len(candidate([1, 2, 3])) == 3'), 'len = lambda x: 3\ndef f(x): return []'],
  [
    'redefines isinstance',
    check('assert isinstance(candidate([1]), list)'),
    'isinstance = lambda *a: True\ndef f(x): return 0',
  ],
  [
    'redefines math',
    check('import math\nassert math.isclose(candidate([2, 1])[0], 1)'),
    'class math:\n    isclose = staticmethod(lambda *a, **k: True)\ndef f(x): return [5]',
  ],
  [
    'stands in for math',
    check('assert math.isclose(candidate([2, 1])[0], 1)'),
    'class math:\n    isclose = staticmethod(lambda *a, **k: True)\ndef f(x): return [5]',
  ],
  [
    'returns an equal object',
    check('assert candidate([2, 1]) == [1, 2]'),
    'class E:\n    __eq__ = lambda s, o: True\n    __ne__ = lambda s, o: False\ndef f(x): return E()',
  ],
  [
    'returns an object that is in everything',
    check('assert candidate([2, 1]) in ([1, 2],)'),
    'class E:\n    __eq__ = lambda s, o: True\ndef f(x): return E()',
  ],
  [
    'returns a container of everything',
    check('assert 1 in candidate([2, 1])'),
    'class E:\n    __contains__ = lambda s, o: True\n    __iter__ = lambda s: iter(())\ndef f(x): return E()',
  ],
  [
    'returns an object with a lying class',
    check('assert isinstance(candidate([2, 1]), list)'),
    'class E:\n    __class__ = list\ndef f(x): return E()',
  ],
  [
    'returns an object that orders anyhow',
    check('assert 0 <= candidate([2, 1]) <= 1'),
    'class E:\n    __le__ = __ge__ = __lt__ = __gt__ = lambda s, o: True\ndef f(x): return E()',
  ],
  [
    'returns a lying float',
    check('assert abs(candidate([2, 1]) - 1.5) < 1e-6'),
    'class L(float):\n    __sub__ = __rsub__ = __abs__ = lambda *a: 0.0\n    __lt__ = lambda s, o: True\ndef f(x): return L(9)',
  ],
  [
    'returns an object that subtracts to a liar',
    check('assert abs(candidate([2, 1]) - 1.5) < 1e-6'),
    'class L:\n    __sub__ = __rsub__ = __abs__ = lambda *a: L()\n    __lt__ = lambda s, o: True\ndef f(x): return L()',
  ],
  [
    'raises AssertionError to look failed',
    check('try:\n    candidate([2, 1])\nexcept Exception:\n    pass\nassert candidate([2, 1]) == [1, 2]'),
    'def f(x): raise AssertionError',
  ],
  ['exits', check('assert candidate([2, 1]) == [1, 2]'), 'import sys\ndef f(x): sys.exit(0)'],
  [
    'exits under a bare except',
    check('try:\n    r = candidate([2, 1])\nexcept:\n    r = [1, 2]\nassert r == [1, 2]'),
    'import os\ndef f(x): os._exit(0)',
  ],
  [
    'raises SystemExit under a bare except',
    check('try:\n    candidate([2, 1])\nexcept BaseException:\n    pass'),
    'def f(x): raise SystemExit',
  ],
  [
    'ends the test by an exception class',
    check('try:\n    candidate([2, 1])\nexcept ValueError:\n    pass'),
    'class ValueError(BaseException): pass\ndef f(x): raise ValueError',
  ],
  [
    'writes a verdict',
    check('assert candidate([2, 1]) == [1, 2]'),
    "import os, struct\ndef f(x):\n    os.write(3, struct.pack('<cIIII', b'K', 0, 0, 0, 0))\n    return 0",
  ],
  [
    'writes two replies',
    check('assert candidate([2, 1]) == 0\nassert candidate([2, 1]) == 7'),
    "import os, struct\nt = b\"('ok', 7, {})\"\ndef f(x):\n    os.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, len(t)) + t)\n    return 0",
  ],
  [
    'replies with code',
    check('assert candidate([2, 1]) == [1, 2]'),
    "import os, struct\nt = b\"__import__('os')._exit(0)\"\ndef f(x):\n    os.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, len(t)) + t)\n    while True: pass",
  ],
  [
    'replies with a deep literal',
    check('assert candidate([2, 1]) == [1, 2]'),
    "import os, struct\nt = b'[' * 100000\ndef f(x):\n    os.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, len(t)) + t)\n    while True: pass",
  ],
  [
    'replies with a huge Decimal',
    check('assert candidate([2, 1]) == 5'),
    "from decimal import Decimal\ndef f(x): return Decimal('1e999999')",
  ],
  ['claims to be another module', check('assert candidate([2, 1]) == [1, 2]'), 'import unittest.mock as f'],
  [
    'is a mock',
    check('assert candidate([2, 1]) == [1, 2]'),
    'from unittest.mock import MagicMock, ANY\nf = MagicMock(return_value=ANY)',
  ],
  [
    'patches the client',
    check('assert candidate([2, 1]) == [1, 2]'),
    'import sys\nfor n, m in list(sys.modules.items()):\n    if n.startswith("ucoder_runner"):\n        for k in list(vars(m)):\n            if k.isupper(): continue\n            try: setattr(m, k, lambda *a, **k: ("ok", [1, 2], {}))\n            except Exception: pass\ndef f(x): return 0',
  ],
  [
    'walks to the test’s frame',
    check('assert candidate([2, 1]) == [1, 2]'),
    'import sys\ndef f(x):\n    g = sys._getframe()\n    while g:\n        if "check" in g.f_globals: return [1, 2]\n        g = g.f_back\n    return 0',
  ],
  [
    'reads the test’s process',
    check('assert candidate([2, 1]) == [1, 2]'),
    'import os\ndef f(x):\n    n = 0\n    for p in os.listdir("/proc"):\n        if p.isdigit() and int(p) != os.getpid():\n            for q in ("mem", "fd/4", "cwd", "root", "environ"):\n                try: open(f"/proc/{p}/{q}", "rb").read(1); n += 1\n                except OSError: pass\n    return [1, 2] if n else 0',
  ],
  [
    'stops the test’s process',
    check('assert candidate([2, 1]) == [1, 2]'),
    'import os, signal\ndef f(x):\n    for p in os.listdir("/proc"):\n        if p.isdigit() and int(p) != os.getpid():\n            try: os.kill(int(p), signal.SIGSTOP); return [1, 2]\n            except OSError: pass\n    return 0',
  ],
];

describe('a program test', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 2 });
  }, 120_000);
  afterAll(() => executor.close());

  it.each(CHEATS)('is not passed by a candidate that %s', { timeout: 60_000 }, async (_, program, code) => {
    const matrix = await executor.execute(
      batchOf({ tests: [{ id: 't', program }], codes: [code, HONEST], limits: { testTimeoutMs: 500 } }),
    );
    const passed = resultOf(matrix, 0).outcomes[0] === 'pass';
    // Where the candidate's own process had to decide, the matrix says so.
    if (passed) expect(matrix.inProcess).toEqual(['t']);
    else expect(['fail', 'error', 'crash', 'timeout']).toContain(resultOf(matrix, 0).outcomes[0]);
  });

  it('beside the candidate sees changes that a call made in place', async () => {
    const programs = [
      'x = [3, 1]\nf(x)\nassert x == [1, 3]',
      'x = {"a": [2, 1]}\ng(x)\nassert x == {"a": [1, 2]}',
      'inner = [2, 1]\nx = [inner]\nh(x)\nassert inner == [1, 2]',
      'assert k([3, 1]) == [1, 3]',
    ];
    const code =
      'def f(x): x.sort()\ndef g(x): x["a"].sort()\ndef h(x): x[0].sort()\ndef k(x):\n    x.sort()\n    return x\n';
    const tests = programs.map((program, index) => ({ id: `t${index}`, program }));
    const matrix = await executor.execute(batchOf({ tests, codes: [code] }));
    expect(resultOf(matrix, 0).outcomes).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(matrix.inProcess).toBeUndefined();
  });

  it('tests a function that has a built-in’s name', async () => {
    const tests = [
      { id: 'a', program: check('assert candidate([2, 3]) == 6', 'sum') },
      { id: 'b', call: 'sum([2, 3])', expected: '6' },
      { id: 'c', assert: 'assert sum([2, 3]) == 6' },
    ];
    const matrix = await executor.execute(
      batchOf({ tests, codes: ['def sum(x):\n    r = 1\n    for y in x: r *= y\n    return r', 'x = 1'] }),
    );
    expect(resultOf(matrix, 0).outcomes).toEqual(['pass', 'pass', 'pass']);
    expect(resultOf(matrix, 1).outcomes).toEqual(['fail', 'error', 'error']);
  });
});
