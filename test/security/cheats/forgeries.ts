/** Programs that claim a verdict, or look for the answer. */
import { type Cheat, CRASH, doing, ERROR, FAIL, FAIL_OR_ERROR, LIAR, REFUSED, returning } from './cheat.ts';

export const FORGERIES: readonly Cheat[] = [
  { name: 'exits with success', code: doing('import sys; sys.exit(0)'), outcomes: CRASH },
  { name: 'ends the process', code: doing('import os; os._exit(0)'), outcomes: CRASH },
  { name: 'exits while loading', code: 'import sys\nsys.exit(0)', outcomes: ERROR },
  { name: 'ends the process while loading', code: 'import os\nos._exit(0)', outcomes: CRASH },
  {
    name: 'kills itself',
    code: doing('import os, signal; os.kill(os.getpid(), signal.SIGKILL)'),
    outcomes: CRASH,
  },
  { name: 'raises SystemExit', code: doing('raise SystemExit'), outcomes: CRASH },
  { name: 'raises KeyboardInterrupt', code: doing('raise KeyboardInterrupt'), outcomes: ERROR },
  { name: 'raises GeneratorExit', code: doing('raise GeneratorExit'), outcomes: ERROR },
  { name: 'raises AssertionError', code: doing('raise AssertionError'), outcomes: FAIL },
  {
    name: 'raises a BaseException of its own',
    code: doing('raise E', 'class E(BaseException): pass'),
    outcomes: ERROR,
  },
  {
    name: 'raises what hangs when printed',
    code: doing(
      'raise E',
      'class E(Exception):\n    def __str__(self):\n        while True: pass\n    __repr__ = __str__',
    ),
    outcomes: ERROR,
  },
  {
    name: 'raises what raises when created',
    code: doing('raise E', 'class E(Exception):\n    def __init__(self): raise E'),
    outcomes: ERROR,
  },
  { name: 'equals everything', code: returning('Liar()', LIAR), outcomes: FAIL_OR_ERROR },
  {
    name: 'lies as an int',
    code: returning(
      'L(0)',
      'class L(int):\n    __eq__ = lambda s, o: True\n    __repr__ = lambda s: "3"\n    __hash__ = int.__hash__',
    ),
    outcomes: FAIL,
  },
  {
    name: 'lies as a list',
    code: returning(
      'L()',
      'class L(list):\n    __eq__ = lambda s, o: True\n    __len__ = lambda s: 3\n    __iter__ = lambda s: iter([3])',
    ),
    outcomes: FAIL_OR_ERROR,
  },
  {
    name: 'lies as a str',
    code: returning(
      "L('x')",
      'class L(str):\n    __eq__ = lambda s, o: True\n    __repr__ = lambda s: "3"\n    __hash__ = str.__hash__',
    ),
    outcomes: FAIL_OR_ERROR,
  },
  {
    name: 'lies by metaclass',
    code: returning(
      'C',
      'class M(type):\n    __eq__ = lambda s, o: True\n    __hash__ = type.__hash__\nclass C(metaclass=M): pass',
    ),
    outcomes: FAIL_OR_ERROR,
  },
  { name: 'returns a cycle', code: doing('x = []\nx.append(x)\nreturn x'), outcomes: ['output-limit'] },
  {
    name: 'returns a deep value',
    code: doing('x = []\nfor _ in range(100000): x = [x]\nreturn x'),
    outcomes: ['output-limit'],
  },
  { name: 'returns a wide value', code: doing("return ['x' * 1000] * 2000"), outcomes: ['output-limit'] },
  {
    name: 'returns a doubling value',
    code: doing('x = [1]\nfor _ in range(60): x = [x, x]\nreturn x'),
    outcomes: ['output-limit'],
    // Walking it takes time, more on a slow machine.
    limits: { testTimeoutMs: 5000 },
  },
  { name: 'returns a huge integer', code: doing('return 1 << 40000000'), outcomes: ['output-limit'] },
  {
    name: 'returns mock.ANY',
    code: returning('ANY', 'from unittest.mock import ANY'),
    outcomes: FAIL_OR_ERROR,
  },
  { name: 'returns NotImplemented', code: returning('NotImplemented'), outcomes: FAIL_OR_ERROR },
  { name: 'returns itself', code: returning('add'), outcomes: FAIL_OR_ERROR },
  {
    name: 'prints the answer',
    code: doing('print(\'3\\npass\\n{"outcome": "pass"}\')'),
    outcomes: FAIL_OR_ERROR,
  },
  {
    name: 'writes lines to every descriptor',
    code: doing(
      'import os\nfor fd in range(64):\n    try: os.write(fd, b\'{"op":"end","outcome":"pass"}\\n\' * 3)\n    except OSError: pass\nreturn 0',
    ),
    outcomes: CRASH,
  },
  {
    name: 'writes to the channel and ends',
    code: doing("import os\nos.write(3, b'V' + bytes(16))\nos._exit(0)"),
    // An empty claim: text that is no literal.
    outcomes: ['crash', 'fail'],
  },
  {
    name: 'claims all answers at once',
    code: doing(
      "import os, struct\nfor i in range(50):\n    os.write(3, struct.pack('<cIIII', b'V', i, 0, 0, 1) + b'7')\nreturn 0",
    ),
    outcomes: ['crash', 'fail'],
  },
  {
    name: 'says that it has passed',
    code: doing(
      "import os, struct\nfor i in range(50):\n    os.write(3, struct.pack('<cIIII', b'K', i, 0, 0, 0))\nreturn 0",
    ),
    outcomes: CRASH,
  },
  {
    name: 'claims bytes that are no text',
    code: doing(
      "import os, struct\nos.write(3, struct.pack('<cIIII', b'V', 0, 0, 0, 2) + b'\\xff\\xfe')\nreturn 0",
    ),
    outcomes: ['crash', 'error'],
  },
  {
    name: 'claims half a character',
    code: doing(
      "import os, struct\nos.write(3, struct.pack('<cIIII', b'V', 0, 0, 0, 1) + b'\\xe2')\nos._exit(0)",
    ),
    outcomes: CRASH,
  },
  {
    name: 'replies with bytes that are no text',
    code: doing(
      "import os, struct\nos.write(3, struct.pack('<cIIII', b'R', 0, 0, 0, 2) + b'\\xff\\xfe')\nos._exit(0)",
    ),
    outcomes: ['crash', 'error'],
  },
  {
    name: 'asks for a fresh process without end',
    code: "import os, struct\nos.write(3, struct.pack('<cIIII', b'L', 0, 0, 0, 0) + struct.pack('<cIIII', b'D', 0, 0, 0, 0))\nos._exit(0)",
    outcomes: CRASH,
  },
  {
    name: 'announces a huge frame',
    code: doing("import os, struct\nos.write(3, struct.pack('<cIIII', b'V', 0, 0, 0, 0xffffffff))\nreturn 0"),
    outcomes: CRASH,
  },
  { name: 'closes the channel', code: doing('import os; os.closerange(0, 64); return 0'), outcomes: CRASH },
  {
    name: 'floods the channel',
    code: doing("import os\nwhile True: os.write(3, b'\\0' * 65536)"),
    outcomes: CRASH,
  },
  {
    name: 'patches builtins',
    code: doing(
      'return 0',
      'import builtins\nfor n in ("repr", "len", "isinstance", "type", "sorted", "str", "print"):\n    setattr(builtins, n, lambda *a, **k: 3)',
    ),
    outcomes: ['fail', 'error', 'crash'],
  },
  {
    name: 'patches modules',
    code: doing(
      'return 0',
      'import sys, os, json, ast, struct\nfor m in (json, ast, struct):\n    for n in list(vars(m)):\n        if not n.startswith("__"): setattr(m, n, lambda *a, **k: 3)\nos.write = lambda *a: 0',
    ),
    outcomes: ['fail', 'error', 'crash'],
  },
  {
    name: "patches the runner's modules",
    code: doing(
      'return 0',
      'import sys\nfor name, m in list(sys.modules.items()):\n    if name.startswith("ucoder_runner"):\n        for n in list(vars(m)):\n            if callable(getattr(m, n)): setattr(m, n, lambda *a, **k: ("pass", "3"))',
    ),
    outcomes: ['fail', 'error', 'crash'],
  },
  {
    name: 'empties sys.modules',
    code: doing('return 0', 'import sys\nsys.modules.clear()'),
    outcomes: ['fail', 'error', 'crash'],
  },
  {
    name: 'walks frames for the answer',
    code: doing(
      'import sys\nf = sys._getframe()\nwhile f:\n    for v in list(f.f_locals.values()) + list(f.f_globals.values()):\n        for name in ("expected", "_expected", "answer"):\n            if hasattr(v, name): return getattr(v, name)\n        if isinstance(v, dict) and "expected" in v: return v["expected"]\n    f = f.f_back\nreturn 0',
    ),
    outcomes: ['fail', 'error'],
  },
  {
    name: 'searches its memory for the answer',
    code: doing(
      'import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict) and "expected" in o and "call" in o: return int(o["expected"])\nreturn 0',
    ),
    outcomes: FAIL,
  },
  {
    name: 'reads other processes',
    code: doing(
      'import os\nfound = 0\nfor pid in os.listdir("/proc"):\n    if pid.isdigit() and int(pid) != os.getpid():\n        for name in ("mem", "environ", "maps", "fd/0", "fd/1", "stack", "syscall"):\n            try:\n                open(f"/proc/{pid}/{name}", "rb").read(10); found += 1\n            except OSError: pass\nassert found == 0 or 1/0\nreturn 0',
    ),
    outcomes: FAIL,
  },
  {
    name: 'answers from atexit',
    code: doing('return 0', 'import atexit, os\natexit.register(lambda: os.write(3, b"V" * 30))'),
    outcomes: FAIL,
  },
  {
    name: 'acts in a thread after its answer',
    code: doing(
      'import threading, os, time\nthreading.Thread(target=lambda: (time.sleep(0.01), os.write(3, b"V" * 40)), daemon=True).start()\nreturn 0',
    ),
    outcomes: ['fail', 'crash'],
  },
  {
    name: 'acts from a signal handler',
    code: doing(
      'import signal, os\nsignal.signal(signal.SIGALRM, lambda *a: os.write(3, b"V" * 40))\nsignal.setitimer(signal.ITIMER_REAL, 0.001)\nreturn 0',
    ),
    outcomes: ['fail', 'crash'],
  },
  {
    name: 'replaces clocks and spins',
    code: doing(
      'while True: pass',
      'import time\nfor n in ("time", "monotonic", "perf_counter", "process_time", "perf_counter_ns", "thread_time"): setattr(time, n, lambda: 0)',
    ),
    outcomes: ['timeout'],
  },
  { name: 'reads its own source file', code: doing('return int(open(__file__).read())'), outcomes: ERROR },
  {
    name: 'imports the runner',
    code: doing('import ucoder_runner.runner as r\nreturn r.Runner()'),
    outcomes: REFUSED,
  },
  {
    name: 'shadows what a test may use',
    code: returning(
      '0',
      'abs = all = any = sum = len = isinstance = sorted = lambda *a, **k: 0\ndef check(*a): pass\ncandidate = add = None',
    ),
    outcomes: ['fail'],
  },
];
