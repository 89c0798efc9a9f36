/** What keeps a test that runs beside the candidate from being told its verdict. */
import type { Defence, Patch } from './defence.ts';

const program = (source: string) => [{ id: 't', program: source }];
const forge = (reply: string): string =>
  `import os, struct\nt = ${JSON.stringify(reply)}.encode()\nfor k, d in ((b'L', b''), (b'R', t)):\n    os.write(3, struct.pack('<cIIII', k, 0, 0, 0, len(d)) + d)\nwhile True: pass\n`;

/** A function that answers with this text instead of a value. */
const answering = (reply: string): string =>
  `import os, struct\nt = ${JSON.stringify(reply)}.encode()\ndef f(x):\n    os.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, len(t)) + t)\n    while True: pass\n`;

const ALL_INSIDE: Patch = ['preparation.py', '"inside": _needs_one_process(tree)', '"inside": True'];

export const PROGRAMS: readonly Defence[] = [
  {
    name: 'a process of its own for the test',
    gap: { runner: [ALL_INSIDE] },
    codes: [
      'import sys\ndef f(x):\n    return next(c for c in sys._getframe(1).f_code.co_consts if type(c) is int and c > 100)\n',
    ],
    tests: program('assert f(1) == 4711'),
    verdicts: ['error', 'pass'],
  },
  {
    name: 'asserts that would tell the answer are not the candidate’s to evaluate',
    gap: {
      runner: [
        [
          'claims.py',
          'def is_claim(node: ast.expr) -> bool:\n',
          'def is_claim(node: ast.expr) -> bool:\n    return True\n',
        ],
      ],
    },
    codes: ['import math\nmath.isclose = lambda *a: True\ndef f(x): return 0.5\n'],
    tests: [{ id: 't', assert: 'assert math.isclose(f(1), 4711.0)' }],
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'only the names that the test uses',
    gap: {
      runner: [['examiner.py', '{name: offered[name] for name in wanted if name in offered}', 'offered']],
    },
    codes: [forge(`('ok', {'f': remote(0, ['call'], 'f'), '__builtins__': {'bool': 1}}, {})`)],
    tests: program('try:\n    len([])\nexcept:\n    found = 1\nelse:\n    found = 0\nassert found, f'),
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'built-in names that keep their meaning',
    gap: { runner: [['examiner.py', 'if not hasattr(builtins, name) or name in shadowing:', 'if True:']] },
    codes: ['def all(x): return True\ndef f(x): return 0\n'],
    tests: program('assert all(f(n) == n + 1 for n in range(3))'),
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'standard modules of the test’s own',
    gap: { runner: [['examiner.py', 'names.update(', '(']] },
    codes: ['class math:\n    isclose = staticmethod(lambda *a: True)\ndef f(x): return 0.5\n'],
    tests: program('assert math.isclose(f(1), 4711.0)'),
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'comparing here, not there',
    gap: {
      runner: [
        [
          'remote_object.py',
          '        if is_remote(other) and other is not self:\n',
          '        if not is_remote(other):\n            return self._ask("getattr", "__eq__")(other)\n        if other is not self:\n',
        ],
      ],
    },
    codes: ['class E:\n    __eq__ = lambda s, o: True\ndef f(x): return E()\n'],
    tests: program('assert f(1) == 4711'),
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'no end of a loop by an exception',
    gap: { runner: [['remote_client.py', 'if operation == "next" or self._expects_stop:', 'if True:']] },
    codes: ['def f(x): raise StopIteration\n'],
    tests: program('for a, b in zip(map(f, [1, 2]), [2, 3]):\n    assert a == b'),
    verdicts: ['error', 'pass'],
  },
  {
    name: 'stand-ins with what the object has, and nothing else',
    gap: { runner: [['remote_object.py', 'if trait in traits)', 'if traits is not None)']] },
    codes: ['f = object()\n'],
    tests: program('assert callable(f)'),
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'the test as the main module',
    gap: { runner: [['examiner.py', 'ModuleType("__main__")', 'ModuleType("test")']] },
    codes: ['def f(x): return 0\n'],
    tests: program('if __name__ == "__main__":\n    assert f(1) == 2'),
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'one answer for one question',
    gap: {
      runner: [
        ['beside.py', 'if frame.kind == wire.REPLY and self._asked and', 'if frame.kind == wire.REPLY and'],
      ],
    },
    codes: [
      `import os, struct\nt = b"('ok', 7, {})"\ndef f(x):\n    for _ in range(2): os.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, len(t)) + t)\n    while True: pass\n`,
    ],
    tests: program('assert f(1) == 7\nimport time\ntime.sleep(0.1)\nassert f(1) == 7'),
    verdicts: ['crash', 'pass'],
  },
  {
    name: 'a mark where an object of the candidate had the word',
    gap: { runner: [['remote_client.py', 'operation.removeprefix("r") in ARITHMETIC', 'False']] },
    codes: ['class L:\n    __sub__ = lambda s, o: 0.0\ndef f(x): return L()\n'],
    tests: program('assert abs(f(1) - 1.5) < 1e-6'),
    verdicts: ['marked', 'pass'],
  },
  {
    name: 'a mark where a second function vouches',
    gap: { runner: [['preparation.py', '"leans": leans(', '"leans": False and leans(']] },
    codes: ['isclose = lambda *a: True\ndef f(x): return 0.5\n'],
    tests: program('assert isclose(f(1), 4711.0)'),
    verdicts: ['marked', 'pass'],
  },
  {
    name: 'a mark where a field has a method’s name',
    gap: { runner: [['remote_client.py', 'self.leans |= any(map(may_flatter, values[1]))', 'pass']] },
    codes: [
      'from collections import namedtuple\nT = namedtuple("T", "startswith")\ndef f(x): return T(lambda *a: True)\n',
    ],
    tests: program('assert f("abc").startswith("xyz")'),
    verdicts: ['marked', 'pass'],
  },
  {
    name: 'no modules for answers',
    gap: { runner: [['remote_client.py', 'name == "module" and not self._named', 'name == "module"']] },
    codes: [answering("('ok', module('operator'), {})")],
    tests: program('assert f(1).eq(1, 1)'),
    verdicts: ['crash', 'pass'],
  },
  {
    name: 'no changes to what cannot change',
    gap: {
      runner: [
        ['remote_client.py', 'if not all(exchange.is_mutable', 'if 0 and not all(exchange.is_mutable'],
      ],
    },
    codes: [answering("('ok', 0, {0: 5})")],
    tests: program('assert f(1) == 4711'),
    verdicts: ['crash', 'marked'],
  },
  {
    name: 'a mark where a second function vouches under another name',
    gap: {
      runner: [
        ['leaning.py', 'own = frozenset((node.id,)) if node.id in self._names else _NONE', 'own = _NONE'],
      ],
    },
    codes: ['isclose = lambda *a: True\ndef f(x): return 0.5\n'],
    tests: program('same = isclose\nassert same(f(1), 4711.0)'),
    verdicts: ['marked', 'pass'],
  },
  {
    name: 'built-ins that are not the candidate’s to choose by',
    gap: { runner: [['claims.py', 'bool(extra) and node.func.id in _CHOOSING', 'False']] },
    codes: ['class L:\n    __gt__ = lambda *a: False\n    __lt__ = lambda *a: True\ndef f(x): return L()\n'],
    tests: [{ id: 't', assert: 'assert max(f(1), 4711) == 4711' }],
    verdicts: ['error', 'pass'],
  },
];
