/** Programs that try to pass without solving `add(a, b)`, or to harm. Every one of them fails to. */
import type { Outcome } from '../../core/execution/batch.ts';

export type Cheat = {
  readonly name: string;
  readonly code: string;
  /** What each of the tests may end in. Never `pass`, except where the program is right and merely odd. */
  readonly outcomes: readonly Outcome[];
  readonly limits?: { readonly testTimeoutMs?: number };
};

const returning = (expression: string, before = ''): string =>
  `${before}\ndef add(a, b):\n    return ${expression}\n`;
const doing = (statement: string, before = ''): string =>
  `${before}\ndef add(a, b):\n${statement
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;

const LIAR = `
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 3
    def __repr__(self): return '3'
    def __bool__(self): return True
    def __reduce__(self): return (int, (3,))
    @property
    def __class__(self): return int
`;

const FAIL: readonly Outcome[] = ['fail'];
/** `abs(add(1, 2) - 3)` on what is no number raises. */
const FAIL_OR_ERROR: readonly Outcome[] = ['fail', 'error'];
const ERROR: readonly Outcome[] = ['error'];
const CRASH: readonly Outcome[] = ['crash'];
/** Harmless in the sandbox: refused, so the program breaks, or finds nothing and answers wrongly. */
const REFUSED: readonly Outcome[] = ['error', 'fail', 'crash'];

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

export const RESOURCES: readonly Cheat[] = [
  { name: 'spins', code: doing('while True: pass'), outcomes: ['timeout'] },
  { name: 'spins in C', code: doing('return sum(range(10 ** 12))'), outcomes: ['timeout'] },
  {
    name: 'spins in a regular expression',
    code: doing('import re; return re.match("(a+)+$", "a" * 60 + "b")'),
    outcomes: ['timeout'],
  },
  {
    name: 'computes a huge power',
    code: doing('return len(str(7 ** (10 ** 8)))'),
    outcomes: ['timeout', 'memory', 'error'],
  },
  {
    name: 'spins ignoring signals',
    code: doing(
      'import signal\nfor s in range(1, 64):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: pass',
    ),
    outcomes: ['timeout'],
  },
  {
    name: 'catches everything for ever',
    code: doing('while True:\n    try:\n        while True: pass\n    except BaseException: pass'),
    outcomes: ['timeout'],
  },
  {
    name: 'sleeps',
    code: doing('import time; time.sleep(1000)'),
    outcomes: ['timeout'],
    limits: { testTimeoutMs: 100 },
  },
  {
    name: 'stops itself',
    code: doing('import os, signal; os.kill(os.getpid(), signal.SIGSTOP)'),
    outcomes: ['timeout'],
    limits: { testTimeoutMs: 100 },
  },
  { name: 'spins while loading', code: 'while True: pass', outcomes: ['timeout'] },
  { name: 'allocates at once', code: doing('return [0] * 10 ** 11'), outcomes: ['memory'] },
  {
    name: 'allocates slowly',
    code: doing('x = []\nwhile True: x.append(bytearray(1 << 20))'),
    outcomes: ['memory'],
  },
  { name: 'doubles a string', code: doing('x = "x"\nwhile True: x += x'), outcomes: ['memory'] },
  { name: 'recurses', code: doing('return add(a, b)'), outcomes: ERROR },
  {
    name: 'overflows the C stack',
    code: doing(
      'import sys\nsys.setrecursionlimit(10 ** 9)\nx = []\nfor _ in range(10 ** 6): x = [x]\nreturn repr(x)',
    ),
    outcomes: ['crash', 'memory', 'error', 'timeout'],
  },
  { name: 'crashes the interpreter', code: doing('import ctypes; ctypes.string_at(0)'), outcomes: CRASH },
  { name: 'forks for ever', code: doing('import os\nwhile True: os.fork()'), outcomes: ERROR },
  {
    name: 'forks by ctypes',
    code: doing('import ctypes\nl = ctypes.CDLL(None)\nfor _ in range(1000): l.fork()\nreturn 0'),
    outcomes: FAIL,
  },
  {
    name: 'starts threads for ever',
    code: doing(
      'import threading, time\nwhile True: threading.Thread(target=lambda: time.sleep(60), daemon=True).start()',
    ),
    outcomes: ['error', 'memory', 'timeout'],
  },
  { name: 'floods its output', code: doing("while True: print('x' * 1000)"), outcomes: ['output-limit'] },
  {
    name: 'floods its errors in bytes',
    code: doing('import os\nwhile True: os.write(2, bytes(range(256)) * 16)'),
    outcomes: ['output-limit'],
  },
  {
    name: 'prints too much once',
    code: doing("import sys\nsys.stderr.write('x' * 70000)\nreturn 0"),
    outcomes: ['output-limit'],
  },
  {
    name: 'fills the disk',
    code: doing('n = 0\nwhile True:\n    open(f"/tmp/{n}", "wb").write(bytes(1 << 20)); n += 1'),
    outcomes: ERROR,
  },
  {
    name: 'uses up inodes',
    code: doing('n = 0\nwhile True:\n    open(f"/tmp/i{n}", "wb").close(); n += 1'),
    outcomes: ERROR,
  },
  {
    name: 'makes a sparse file',
    code: doing('import os\nf = open("/tmp/s", "wb"); f.truncate(1 << 40)\nreturn 0'),
    outcomes: ERROR,
  },
  {
    name: 'opens files for ever',
    code: doing('x = []\nwhile True: x.append(open("/dev/null"))'),
    outcomes: ERROR,
  },
  {
    name: 'leaves unreadable folders',
    code: doing(
      'import os\nos.makedirs("/tmp/a/b/c")\nopen("/tmp/a/b/c/d", "w").write("x")\nos.chmod("/tmp/a/b", 0)\nreturn 0',
    ),
    outcomes: FAIL_OR_ERROR,
  },
];

export const ESCAPES: readonly Cheat[] = [
  {
    name: 'starts a program',
    code: doing('import subprocess\nsubprocess.run(["/usr/bin/python3", "-c", "1"])\nreturn 0'),
    outcomes: ERROR,
  },
  { name: 'starts a shell', code: doing('import os\nreturn os.system("true")'), outcomes: ['fail', 'error'] },
  {
    name: 'replaces itself',
    code: doing('import os\nos.execv("/usr/bin/python3", ["python3", "-c", "1"])'),
    outcomes: ERROR,
  },
  {
    name: 'becomes a daemon',
    code: doing(
      'import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        while True: pass\nreturn 0',
    ),
    outcomes: ERROR,
  },
  {
    name: 'uses multiprocessing',
    code: doing('import multiprocessing\np = multiprocessing.Process(target=print)\np.start()\nreturn 0'),
    outcomes: ERROR,
  },
  {
    name: 'kills everybody',
    code: doing('import os, signal\nos.kill(-1, signal.SIGKILL)\nreturn 0'),
    outcomes: ['crash', 'error', 'fail'],
  },
  { name: 'kills the runner', code: doing('import os, signal\nos.kill(1, signal.SIGKILL)'), outcomes: ERROR },
  {
    name: 'stops the runner',
    code: doing('import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)'),
    outcomes: ERROR,
  },
  { name: 'becomes root', code: doing('import os\nos.setuid(0)'), outcomes: ERROR },
  { name: 'opens a socket', code: doing('import socket\nsocket.socket()'), outcomes: ERROR },
  {
    name: 'opens an abstract socket',
    code: doing('import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind("\\0x")'),
    outcomes: ERROR,
  },
  {
    name: 'looks a name up',
    code: doing('import socket\nsocket.getaddrinfo("example.com", 80)'),
    outcomes: ERROR,
  },
  {
    name: 'looks for the Docker socket',
    code: doing(
      'import os\nfor p in ("/var/run/docker.sock", "/run/docker.sock"):\n    if os.path.exists(p): return 3\nreturn 0',
    ),
    outcomes: FAIL,
  },
  { name: 'writes to the root', code: doing('open("/opt/ucoder-runner/main.py", "a")'), outcomes: ERROR },
  { name: 'writes to shared memory', code: doing('open("/dev/shm/x", "w")'), outcomes: ERROR },
  { name: 'makes a memory file', code: doing('import os\nos.memfd_create("x")'), outcomes: ERROR },
  {
    name: 'links out of its folder',
    code: doing(
      'import os\nos.symlink("/proc/1/root", "/tmp/out")\nreturn len(os.listdir("/tmp/out/proc/1/fd"))',
    ),
    outcomes: ERROR,
  },
  ...(
    [
      ['ptrace', 'l.ptrace(16, 1, 0, 0)'],
      ['unshare', 'l.unshare(0x10000000)'],
      ['mount', 'l.mount(b"none", b"/tmp", b"tmpfs", 0, None)'],
      ['keyctl', 'l.syscall(250, 0, -3, 0)'],
      ['io_uring', 'l.syscall(425, 8, 0)'],
      ['bpf', 'l.syscall(321, 0, 0, 0)'],
      ['userfaultfd', 'l.syscall(323, 0)'],
      ['perf events', 'l.syscall(298, 0, 0, 0, 0, 0)'],
      ['SysV shared memory', 'l.shmget(1, 4096, 0o1666)'],
      ['SysV messages', 'l.msgget(1, 0o1666)'],
      ['SysV semaphores', 'l.semget(1, 1, 0o1666)'],
      ['POSIX queues', 'l.syscall(240, b"/q", 0o102, 0o600, 0)'],
      ['process_vm_readv', 'l.syscall(310, 1, 0, 0, 0, 0, 0)'],
    ] as const
  ).map(([name, call]) => ({
    name: `calls ${name}`,
    // A refused call returns -1; anything else would be taken for the right answer.
    code: doing(
      `import ctypes\nl = ctypes.CDLL(None, use_errno=True)\nr = ${call}\nreturn 0 if r == -1 else a + b`,
    ),
    outcomes: FAIL,
  })),
];

export const BAD_SOURCES: readonly Cheat[] = [
  { name: 'has a syntax error', code: 'def add(a, b) return a', outcomes: ERROR },
  { name: 'is empty', code: '', outcomes: ERROR },
  { name: 'has NUL bytes', code: 'def add(a, b):\n    return a + b\n\0', outcomes: ERROR },
  { name: 'has 100,000 brackets', code: `x = ${'['.repeat(100_000)}${']'.repeat(100_000)}`, outcomes: ERROR },
  { name: 'has 100,000 minus signs', code: `x = ${'-'.repeat(100_000)}1`, outcomes: ['error', 'timeout'] },
  { name: 'has 9 MB', code: `x = 1\n${'#'.repeat(9_000_000)}`, outcomes: ERROR },
  { name: 'has 5 MB of statements', code: 'x=1\n'.repeat(1_250_000), outcomes: ['error', 'timeout'] },
  {
    name: 'has tabs and spaces',
    code: 'def add(a, b):\n\tif a:\n        return a\n\treturn b',
    outcomes: ERROR,
  },
  { name: 'has lone surrogates', code: 'def add(a, b):\n    return a + b\nx = "\ud800"', outcomes: ERROR },
  { name: 'has a wrong function name', code: 'def plus(a, b):\n    return a + b', outcomes: ERROR },
  {
    name: 'raises at the top level',
    code: 'def add(a, b):\n    return a + b\nraise ValueError',
    outcomes: ERROR,
  },
  {
    name: 'asserts at the top level',
    code: 'def add(a, b):\n    return a + b\nassert False',
    outcomes: ERROR,
  },
];
