/** Programs that use up what they can reach. */
import { type Cheat, CRASH, doing, ERROR, FAIL, FAIL_OR_ERROR } from './cheat.ts';

/** Filling the memory takes processor time: the limit on that must not come first, on a slow machine either. */
const FILLS: Pick<Cheat, 'outcomes' | 'limits'> = {
  outcomes: ['memory'],
  limits: { testTimeoutMs: 5000 },
};

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
    ...FILLS,
  },
  { name: 'doubles a string', code: doing('x = "x"\nwhile True: x += x'), ...FILLS },
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
