/** Programs that leave something for the next one, act after their verdict, or use what the machine shares. */
import { type Cheat, CRASH, doing, ERROR, FAIL, FAIL_OR_ERROR, REFUSED, returning } from './cheat.ts';

export const LEFTOVERS: readonly Cheat[] = [
  {
    name: 'forks a helper while it loads',
    code: doing('return 0', 'import os\nif os.fork() == 0:\n    while True: pass'),
    outcomes: ['error', 'fail', 'crash'],
  },
  {
    name: 'forks twice while it loads',
    code: doing(
      'return 0',
      'import os\ntry:\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            while True: os.write(3, b"V" * 30)\n        os._exit(0)\nexcept OSError: pass',
    ),
    outcomes: ['fail', 'crash'],
  },
  {
    name: 'leaves a thread that answers later',
    code: doing(
      'import threading, os, struct\ndef late():\n    while True: os.write(3, struct.pack("<cIIII", b"V", 1, 0, 0, 1) + b"7")\nthreading.Thread(target=late, daemon=True).start()\nreturn 0',
    ),
    outcomes: ['fail', 'crash'],
  },
  {
    name: 'answers from a destructor',
    code: doing('return D() and 0', 'import os\nclass D:\n    def __del__(self): os.write(3, b"V" * 17)'),
    outcomes: ['fail', 'crash', 'error'],
  },
  {
    name: 'answers from a trace function',
    code: doing('return 0', 'import sys, os\nsys.settrace(lambda *a: os.write(3, b"V" * 17))'),
    outcomes: ['fail', 'crash', 'error'],
  },
  {
    name: 'answers from a garbage collector’s callback',
    code: doing(
      'import gc\ngc.collect()\nreturn 0',
      'import gc, os\ngc.callbacks.append(lambda *a: os.write(3, b"V" * 17))',
    ),
    outcomes: ['fail', 'crash', 'error'],
  },
  {
    name: 'answers from an audit hook',
    code: doing(
      'import os\nos.listdir("/")\nreturn 0',
      'import sys, os\nsys.addaudithook(lambda *a: os.write(3, b"V"))',
    ),
    outcomes: ['fail', 'crash', 'error', 'timeout'],
  },
  {
    name: 'replaces the import machinery',
    code: doing(
      'return 0',
      'import builtins, sys\nbuiltins.__import__ = lambda *a, **k: sys\nsys.meta_path.clear()\nsys.path_hooks.clear()',
    ),
    outcomes: FAIL_OR_ERROR,
  },
  {
    name: 'leaves modules for the test to import',
    code: doing(
      'return 0',
      'import os, sys\nfor n in ("math", "abc", "builtins"):\n    open(f"/tmp/{n}.py", "w").write("isclose = abs = lambda *a: 0")\nsys.path.insert(0, "/tmp")',
    ),
    outcomes: FAIL_OR_ERROR,
  },
  {
    name: 'writes to the interpreter’s files',
    code: doing('import sys\nopen(sys.executable, "r+b").write(b"x")\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'makes a setuid file',
    code: doing(
      'import os, shutil\nshutil.copy("/usr/bin/python3", "/tmp/s")\nos.chmod("/tmp/s", 0o4777)\nos.execv("/tmp/s", ["s"])',
    ),
    outcomes: ERROR,
  },
  {
    name: 'looks around through the first process',
    code: doing('import os\nreturn 3 if os.listdir("/proc/1/fd") or os.readlink("/proc/1/exe") else 0'),
    outcomes: ERROR,
  },
  {
    name: 'changes root',
    code: doing('import os\nos.chroot("/tmp")\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'changes the host’s name',
    code: doing('import socket\nsocket.sethostname("x")\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'writes to the kernel’s settings',
    code: doing('open("/proc/sys/kernel/core_pattern", "w").write("|/tmp/x")\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'raises its own limits',
    code: doing('import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (10000, 10000))\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'makes itself more important',
    code: doing('import os\nos.nice(-20)\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'waits for nobody',
    code: doing('import os\nos.waitpid(-1, 0)\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'stops its siblings',
    code: doing(
      'import os, signal\nn = 0\nfor p in os.listdir("/proc"):\n    if p.isdigit() and int(p) not in (os.getpid(), os.getppid()):\n        try: os.kill(int(p), signal.SIGSTOP); n += 1\n        except OSError: pass\nreturn a + b if n else 0',
    ),
    outcomes: FAIL,
  },
  {
    name: 'opens pipes and keeps them',
    code: doing('import os\nkept = [os.pipe() for _ in range(1000)]\nreturn a + b'),
    outcomes: ERROR,
  },
  {
    name: 'locks a file that all can read',
    code: doing(
      'import fcntl\nf = open("/usr/lib/python3.11/os.py")\nfcntl.flock(f, fcntl.LOCK_EX)\nwhile True: pass',
    ),
    outcomes: ['timeout', 'error'],
  },
  { name: 'returns its own type', code: returning('type("int", (), {})'), outcomes: FAIL_OR_ERROR },
  {
    name: 'reduces to the answer',
    code: returning(
      'R()',
      'class R:\n    def __reduce__(self): return (int, ("3",))\n    def __int__(self): return 3\n    def __index__(self): return 3\n    def __float__(self): return 3.0',
    ),
    outcomes: ['fail', 'error'],
  },
  {
    name: 'hangs in what it returns',
    code: returning(
      'R(3)',
      'class R(int):\n    def __repr__(self):\n        while True: pass\n    __str__ = __hash__ = __eq__ = __reduce__ = __repr__\n    def __int__(self): return 0',
    ).replace('return R(3)', 'return R(4)'),
    outcomes: ['fail', 'timeout'],
  },
  {
    name: 'ends the process by an abort',
    code: doing('import os; os.abort()'),
    outcomes: CRASH,
  },
  {
    name: 'ends the process by a fault handler',
    code: doing('import faulthandler; faulthandler._sigsegv()'),
    outcomes: CRASH,
  },
  {
    name: 'ends itself by an alarm',
    code: doing('import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.001)\ntime.sleep(1)\nreturn 0'),
    outcomes: CRASH,
  },
  {
    name: 'reads what the machine shares',
    code: doing(
      'import os\nfor p in ("/etc/shadow", "/dev/mem", "/dev/kmsg", "/proc/kcore", "/dev/sda"):\n    try:\n        open(p, "rb").read(1)\n        return a + b\n    except OSError: pass\nreturn 0',
    ),
    outcomes: FAIL,
  },
  {
    name: 'talks over a socket pair to nobody',
    code: doing('import socket\nx, y = socket.socketpair()\nx.sendto(b"x", ("127.0.0.1", 80))\nreturn a + b'),
    outcomes: REFUSED,
  },
];
