/** What the runner believes of a candidate that runs: its time, its output, its frames and its answers. */
import { body, type Defence, NO_CPU_CHECKS } from './defence.ts';

export const SUPERVISION: readonly Defence[] = [
  {
    name: 'the watch over CPU time',
    gap: { runner: [NO_CPU_CHECKS] },
    codes: [
      body(
        'import time',
        'end = time.process_time() + 1',
        'while time.process_time() < end: pass',
        'return True',
      ),
    ],
    limits: { testTimeoutMs: 200 },
    verdicts: ['timeout', 'pass'],
  },
  {
    name: 'the backstop of wall time',
    gap: { runner: [['session.py', 'WALL_FACTOR: Final = 5', 'WALL_FACTOR: Final = 500']] },
    codes: [body('import time', 'time.sleep(2)', 'return True')],
    limits: { testTimeoutMs: 50 },
    verdicts: ['timeout', 'pass'],
  },
  {
    name: 'counted output',
    gap: { runner: [['supervision.py', 'if frame.printed > self._limits.output_bytes:', 'if False:']] },
    codes: [body('print("x" * 1000)', 'return True')],
    limits: { outputBytes: 100 },
    verdicts: ['output-limit', 'pass'],
  },
  {
    name: 'a check of what a process says it printed',
    gap: { runner: [['supervision.py', 'if frame.total != self._total:', 'if False and frame.total:']] },
    codes: [
      body('import struct', 'os.write(3, struct.pack("<cIIII", b"V", 0, 0, 9, 4) + b"True")', 'os._exit(0)'),
    ],
    verdicts: ['crash', 'pass'],
  },
  {
    name: 'bounded frames',
    gap: { runner: [['wire.py', 'if length > MAX_PAYLOAD:', 'if False:']] },
    codes: [
      body('import struct', 'os.write(3, struct.pack("<cIIII", b"V", 0, 0, 0, 1 << 31))', 'while True: pass'),
    ],
    limits: { testTimeoutMs: 200 },
    verdicts: ['crash', 'timeout'],
  },
  {
    name: 'a fresh module for each test',
    gap: {
      runner: [
        [
          'candidate.py',
          '    module = ModuleType(MODULE_NAME)\n',
          '    if MODULE_NAME in _modules: return _modules[MODULE_NAME].__dict__\n    module = ModuleType(MODULE_NAME)\n',
        ],
      ],
    },
    codes: ['count = 0\ndef f():\n    global count\n    count += 1\n    return count == 2\n'],
    tests: [
      { id: 'first', call: 'f()', expected: 'False' },
      { id: 'last', call: 'f()', expected: 'True' },
    ],
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'one execution only of what cannot change',
    gap: {
      runner: [
        [
          'unchanging.py',
          '    own = _own_names(module) if _UNDERSTOOD',
          '    return True\n    own = _own_names(module) if _UNDERSTOOD',
        ],
      ],
    },
    // One program alone is not read before it runs.
    codes: [
      'def f():\n    return False\n',
      'count = 0\ndef f():\n    global count\n    count += 1\n    return count == 2\n',
    ],
    tests: [
      { id: 'first', call: 'f()', expected: 'False' },
      { id: 'last', call: 'f()', expected: 'True' },
    ],
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'values written by the base type’s own methods',
    gap: { runner: [['literal.py', 'text: str = base.__repr__(value)', 'text: str = repr(value)']] },
    codes: [`class L(str):\n    __repr__ = lambda s: 'True'\ndef f():\n    return L('no')\n`],
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'claims read as text that may be none',
    gap: {
      runner: [
        ['supervision.py', 'wire.text_of(frame.payload)', 'frame.payload.decode("utf-8", "surrogatepass")'],
      ],
    },
    codes: [body('os.write(3, b"V" + bytes(12) + b"\\1\\0\\0\\0\\xff")', 'os._exit(0)')],
    verdicts: ['crash', 'sandbox-failed'],
  },
  {
    name: 'no fresh process before the first answer',
    gap: { runner: [['supervision.py', '0 < frame.index == self.position', 'frame.index == self.position']] },
    codes: ["import os\nfor kind in (b'L', b'D'): os.write(3, kind + bytes(16))\nos._exit(0)\n"],
    limits: { testTimeoutMs: 100, candidateTimeoutMs: 100 },
    verdicts: ['crash', 'timeout'],
  },
  {
    name: 'programs that may see their own text are told by it',
    gap: { runner: [['normalise.py', 'if not is_blind(node):', 'if False:']] },
    // The form that a program runs from has no docstring: without the defence, it finds none.
    codes: ['7', '8'].map(
      (text) => `def f():\n    """${text}"""\n    return int(("{0.__d" + "oc__}").format(f))\n`,
    ),
    verdicts: ['8', 'other'],
  },
  {
    name: 'no time bought by loading again',
    gap: { runner: [['supervision.py', 'most = RELOAD_S', 'pass']] },
    // On a busy machine CPU time takes long.
    alone: { runner: [['session.py', 'WALL_FACTOR: Final = 5', 'WALL_FACTOR: Final = 500']] },
    // It waits until the runner has taken what it wrote, twice at its end: between both, its CPU time was looked at.
    codes: [
      `import builtins, fcntl, os, struct, time
builtins.runs = getattr(builtins, 'runs', -1) + 1
def spin():
    start = time.process_time()
    while time.process_time() - start < 0.4: pass
def tell(text):
    os.write(3, text)
    while fcntl.ioctl(3, 0x541B, bytes(4)) != bytes(4): time.sleep(0.01)
def f(x):
    if x == 1: return True
    spin()
    if builtins.runs == 1: tell(struct.pack('<cIIII', b'L', 1, 0, 0, 0))
    spin()
    answer = struct.pack('<cIIII', b'V', 1, 0, 0, 4) + b'True'
    tell(answer[:1])
    tell(answer[1:2])
    os.write(3, answer[2:])
    os._exit(0)
`,
    ],
    tests: [1, 2].map((x) => ({ id: `t${x}`, call: `f(${x})`, expected: 'True' })),
    limits: { testTimeoutMs: 600 },
    verdicts: ['timeout', 'pass'],
  },
  {
    name: 'no process that works for a test uncounted',
    gap: { runner: [['supervision.py', 'MOST_PROCESSES: Final = 2', 'MOST_PROCESSES: Final = 99']] },
    alone: { runner: [['supervision.py', 'for pid in self._processes() if', 'for pid in () if']] },
    codes: [
      `import os, time
ask, asked = os.pipe()
told, tell = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        os.read(ask, 1)
        start = time.process_time()
        while time.process_time() - start < 0.4: pass
        os.write(tell, b'1')
        while True: time.sleep(1)
    os._exit(0)
os.wait()
def f():
    os.write(asked, b'?')
    return os.read(told, 1) == b'1'
`,
    ],
    limits: { isolation: 'test', testTimeoutMs: 300 },
    verdicts: ['crash', 'pass'],
  },
];
