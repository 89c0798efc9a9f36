/**
 * Cheats that one side thought up against what the other had built: frames out of turn, claims made to be slow to read,
 * and meddling with what a process shares with the runner. All in one batch, so that each has every other for a sibling.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../activities/sandbox/executor.ts';
import type { ExecutionTest, Outcome } from '../../core/execution/batch.ts';
import { batchOf, testExecutor } from '../support/docker.ts';

const IMPORTS = 'import ctypes, fcntl, os, struct, sys, threading, time\n';
const HONEST = 'def f(x):\n    return x + 1\n';

const frame = (kind: string, index: number, payload = "b''", printed = 0): string =>
  `os.write(3, struct.pack('<cIIII', b'${kind}', ${index}, ${printed}, ${printed}, len(${payload})) + ${payload})`;

const inFunction = (...lines: readonly string[]): string =>
  `${IMPORTS}def f(x):\n${lines.map((line) => `    ${line}\n`).join('')}    return 0\n`;
/** Sends one claim and is gone. */
const claiming = (payload: string): string => inFunction(`p = ${payload}`, frame('V', 0, 'p'), 'os._exit(0)');

const CRASH: readonly Outcome[] = ['crash'];
const WRONG: readonly Outcome[] = ['fail', 'error'];
/** A claim that is read, or refused where nobody asked for it. */
const CLAIM: readonly Outcome[] = ['fail', 'crash', 'output-limit'];

const CHEATS: Readonly<Record<string, readonly [readonly Outcome[], string]>> = {
  'closes the channel': [CRASH, inFunction('os.close(3)')],
  'says that it is heavy': [CRASH, IMPORTS + frame('H', 0)],
  'says that it is heavy in a test': [CRASH, inFunction(frame('H', 0))],
  'says a thousand times that it has loaded': [CRASH, inFunction(`for _ in range(1000): ${frame('L', 0)}`)],
  'says that it is confined': [CRASH, inFunction(frame('B', 0))],
  'finishes early': [CRASH, inFunction(frame('W', 0))],
  'passes and finishes while it loads': [
    CRASH,
    `${IMPORTS}${frame('L', 0)}\n${frame('K', 0)}\n${frame('K', 1)}\n${frame('W', 2)}\nos._exit(0)`,
  ],
  'says that a test’s process has ended': [CRASH, inFunction(frame('T', 0))],
  'says that a test leans': [CRASH, inFunction(frame('N', 0))],
  'asks what only the test may ask': [CRASH, inFunction(frame('Q', 0))],
  'wants to be run inside': [CRASH, inFunction(frame('P', 0))],
  'lies about what it printed': [CRASH, inFunction(frame('V', 0, "b'2'", 4_000_000_000))],
  'claims a long list': [CLAIM, claiming("b'[' + b'1,' * 2000000 + b']'")],
  'claims four million digits': [CLAIM, claiming("b'9' * 4000000")],
  'claims two million brackets': [CLAIM, claiming("b'[' * 2000000")],
  'claims a million signs': [CLAIM, claiming("b'-' * 1000000 + b'1'")],
  'claims a long sum': [CLAIM, claiming("b'1+' * 500000 + b'1j'")],
  'claims a huge exponent': [CLAIM, claiming("b'1e999999999'")],
  'claims nothing but zeros': [CLAIM, claiming("b'\\0' * 1000")],
  'claims a call': [CLAIM, claiming('b\'__import__("os")\'')],
  'claims a name': [CLAIM, claiming("b'f'")],
  'claims half of a frame': [
    CRASH,
    inFunction("os.write(3, struct.pack('<cIIII', b'V', 0, 0, 0, 1000) + b'2')", 'os._exit(0)'),
  ],
  'claims half of a head': [CRASH, inFunction("os.write(3, b'V')", 'os._exit(0)')],
  'makes its pipe small and impatient': [
    ['crash', 'error', 'fail', 'output-limit'],
    `${IMPORTS}def f(x):\n    fcntl.fcntl(3, 1031, 4096)\n    fcntl.fcntl(3, 4, os.O_NONBLOCK)\n    return 'x' * 900000\n`,
  ],
  'rewrites its output': [
    WRONG,
    inFunction('fcntl.fcntl(1, 4, 0)', 'os.lseek(1, 0, 0)', 'os.write(1, b"x" * 100)'),
  ],
  'shrinks its output': [WRONG, inFunction('os.ftruncate(1, 0)')],
  'seals its output': [WRONG, inFunction('fcntl.fcntl(1, 1033, 8)')],
  'grows its output': [['output-limit'], inFunction('os.ftruncate(1, 16 << 20)')],
  'reserves its output': [['output-limit'], inFunction('os.posix_fallocate(1, 0, 15 << 20)')],
  'reopens its output and the channel': [
    ['fail', 'error', 'crash'],
    inFunction('for n in (1, 3): os.write(os.open(f"/proc/self/fd/{n}", os.O_RDWR), b"V" * 17)'),
  ],
  'ends its first thread': [
    ['crash', 'timeout'],
    inFunction(
      'threading.Thread(target=time.sleep, args=(0.1,)).start()',
      'ctypes.CDLL(None).pthread_exit(0)',
    ),
  ],
  'has a name that breaks a table': [WRONG, inFunction('ctypes.CDLL(None).prctl(15, b") R 1 (", 0, 0, 0)')],
  'lowers all its limits but that on processor time': [
    WRONG,
    inFunction(
      'import resource',
      'for r in range(1, 16):',
      '    try: resource.setrlimit(r, (0, 0))',
      '    except Exception: pass',
    ),
  ],
  // The kernel kills it at the next tick of its clock, before or after it has returned.
  'leaves itself no processor time': [
    [...WRONG, ...CRASH],
    inFunction('import resource', 'resource.setrlimit(resource.RLIMIT_CPU, (0, 0))'),
  ],
  'adopts the processes of others': [WRONG, inFunction('ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)')],
  'leaves a deep folder': [
    WRONG,
    inFunction(
      'os.chdir("/tmp")',
      'for _ in range(300):',
      '    os.mkdir("d" * 200)',
      '    os.chdir("d" * 200)',
    ),
  ],
  'leaves odd names': [
    WRONG,
    inFunction(
      'open(b"/tmp/\\xff\\n", "w").close()',
      'os.symlink("/", "/tmp/root")',
      'os.mkfifo("/tmp/fifo")',
    ),
  ],
  'keeps what is swept locked': [
    WRONG,
    inFunction('d = os.open("/tmp", os.O_RDONLY)', 'fcntl.flock(d, fcntl.LOCK_EX)'),
  ],
  'raises what is a claim': [WRONG, inFunction('raise type("NotPlainError", (Exception,), {})')],
  'is a deep chain': [['error'], `x = a${'.b'.repeat(30_000)}`],
  'forks without end while it loads': [
    ['error', 'crash', 'timeout'],
    'import os\nwhile True:\n    try: os.fork()\n    except OSError: pass',
  ],
  'forks without end after a slow load': [
    ['error', 'crash', 'timeout'],
    'import os, time\nwhile time.process_time() < 0.05: pass\nwhile True:\n    try: os.fork()\n    except OSError: pass',
  ],
  'nests what is copied': [
    ['error', 'timeout', 'memory'],
    `def q():\n${Array.from({ length: 19 }, (_, depth) => `${' '.repeat(depth + 1)}try: x\n${' '.repeat(depth + 1)}finally:\n`).join('')}${' '.repeat(20)}y\n`,
  ],
};

describe('a batch of inventions', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 2 });
  }, 120_000);
  afterAll(() => executor.close());

  const calls: readonly ExecutionTest[] = [
    { id: 'a', call: 'f(1)', expected: '2' },
    { id: 'b', call: 'f(2)', expected: '3' },
  ];
  const programs: readonly ExecutionTest[] = [
    { id: 'a', program: 'def check(c):\n    assert c(1) == 2\n    assert c(2) == 3\ncheck(f)' },
  ];
  it.each([
    ['calls', 'candidate', calls],
    ['calls', 'test', calls],
    ['programs', 'candidate', programs],
  ] as const)(
    'changes nothing for honest siblings (%s, isolation %s)',
    { timeout: 400_000 },
    async (_, isolation, tests) => {
      const names = Object.keys(CHEATS);
      const between = Object.values(CHEATS).flatMap(([, code], at) => [code, `${HONEST}N = ${at}\n`]);
      const limits = { isolation, testTimeoutMs: 500 };
      const { candidates, inProcess } = await executor.execute(batchOf({ tests, codes: between, limits }));
      expect(inProcess).toBeUndefined();
      names.forEach((name, at) => {
        const [allowed] = CHEATS[name] ?? [[]];
        for (const outcome of candidates[2 * at]?.outcomes ?? [])
          expect([...allowed, ...(tests === programs ? CRASH : [])], name).toContain(outcome);
        expect(candidates[2 * at + 1]?.outcomes, `after ${name}`).toEqual(tests.map(() => 'pass'));
      });
    },
  );
});
