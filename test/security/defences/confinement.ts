/** What the runner takes away from a candidate's process before it runs, and clears away after it. */
import { body, type Defence, host, NO_CPU_CHECKS, NO_FILTER, NO_UID, noLimit, value } from './defence.ts';

const ROOMY = host({ Tmpfs: { '/tmp': 'rw,mode=1777,size=64m' } });

export const CONFINEMENT: readonly Defence[] = [
  {
    name: 'the filter on system calls',
    gap: { runner: [NO_FILTER] },
    codes: [body('if os.fork() == 0: os._exit(0)', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'a uid without rights',
    gap: { runner: [NO_UID] },
    codes: [value('os.getuid() == 0')],
    verdicts: ['False', 'True'],
  },
  {
    name: 'a uid for each run',
    gap: { runner: [['runner.py', 'self._used += 1', 'self._used = 1']] },
    codes: [value('open("/tmp/x", "w") and None'), value('(os.getuid() % 1024, "second")[0]')],
    verdicts: ['other', '2'],
  },
  {
    name: 'a runner that cannot be read',
    gap: { runner: [['runner.py', '        hide_memory()\n', '']] },
    alone: { runner: [NO_UID] },
    codes: [body('open("/proc/1/environ", "rb").read()', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'closed descriptors',
    gap: { runner: [['confine.py', 'os.closerange(REQUESTS, _HIGHEST)', 'pass']] },
    codes: [value('len(os.listdir("/proc/self/fd"))')],
    verdicts: ['5', 'other'],
  },
  {
    name: 'a limit on memory',
    gap: { runner: [noLimit('AS')] },
    codes: [body('x = bytearray(100 << 20)', 'return True')],
    limits: { memoryMb: 64 },
    verdicts: ['memory', 'pass'],
  },
  {
    name: 'a limit on threads',
    gap: { runner: [noLimit('NPROC')] },
    codes: [
      body(
        'import threading',
        'stop = threading.Event()',
        'for _ in range(40): threading.Thread(target=stop.wait, daemon=True).start()',
        'stop.set()',
        'return True',
      ),
    ],
    limits: { memoryMb: 1024 },
    verdicts: ['error', 'pass'],
  },
  {
    name: 'a limit on open files',
    gap: { runner: [noLimit('NOFILE')] },
    codes: [body('x = [open("/dev/null") for _ in range(100)]', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'a limit on the size of files',
    gap: { runner: [noLimit('FSIZE')] },
    alone: { container: ROOMY },
    codes: [body('open("/tmp/x", "wb").write(bytes(20 << 20))', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'the kernel’s limit on CPU time, should the runner sleep',
    gap: { runner: [noLimit('CPU')] },
    alone: { runner: [NO_CPU_CHECKS] },
    codes: [
      body(
        'import time',
        'end = time.process_time() + 4',
        'while time.process_time() < end: pass',
        'return True',
      ),
    ],
    limits: { testTimeoutMs: 10_000, candidateTimeoutMs: 10, loadTimeoutMs: 10 },
    verdicts: ['crash', 'other'],
  },
  {
    name: 'an output file that cannot shrink',
    gap: { runner: [['runner.py', 'fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL', 'fcntl.F_SEAL_SEAL']] },
    codes: [body('os.write(1, b"x" * 10)', 'os.ftruncate(1, 0)', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'sweeping files',
    gap: {
      runner: [
        [
          'children.py',
          '        if not os.listdir(_SCRATCH):\n            return True\n',
          '        return True\n',
        ],
      ],
    },
    codes: [body('open("/tmp/left", "w")', 'return False'), body('return os.listdir("/tmp") == ["left"]')],
    verdicts: ['fail', 'pass'],
  },
  {
    name: 'sweeping processes',
    gap: {
      runner: [
        [
          'children.py',
          '        _kill_all()\n        if not _reap_all():\n            return True\n',
          '        return True\n',
        ],
      ],
    },
    alone: { runner: [NO_FILTER] },
    codes: [
      body(
        'import time',
        'if os.fork() == 0:',
        '    os.setsid()',
        '    time.sleep(20)',
        '    os._exit(0)',
        'return False',
      ),
      body('return sum(name.isdigit() for name in os.listdir("/proc")) > 3'),
    ],
    verdicts: ['fail', 'pass'],
  },
];
