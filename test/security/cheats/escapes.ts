/** Programs that try to leave the sandbox, or to outlive their run. */
import { type Cheat, doing, ERROR, FAIL } from './cheat.ts';

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
    // With a process for each test, its parent is its own.
    outcomes: ['error', 'fail', 'timeout'],
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
