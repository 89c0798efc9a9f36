/** What the container forbids. */
import { body, type Defence, host, NO_FILTER, NO_UID, noLimit, UNCONFINED, value } from './defence.ts';

const NO_FILTERS = { runner: [NO_FILTER], container: UNCONFINED };
const tmpfs = (options: string) => host({ Tmpfs: { '/tmp': `rw,nosuid,nodev,mode=1777,${options}` } });
const status = (field: string): string =>
  value(`[l.split()[1] for l in open('/proc/self/status') if l.startswith('${field}:')][0]`);

export const CONTAINER: readonly Defence[] = [
  {
    name: 'the list of system calls',
    gap: { container: UNCONFINED },
    alone: { runner: [NO_FILTER] },
    codes: [body('import socket', 'socket.socket(socket.AF_UNIX)', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'no network',
    gap: { container: (o) => host({ NetworkMode: 'host' })({ ...o, NetworkDisabled: false }) },
    codes: [value(`open('/proc/net/dev').read().count(':')`)],
    verdicts: ['1', 'other'],
  },
  {
    name: 'no shared memory',
    gap: { container: host({ IpcMode: 'private' }) },
    codes: [body('open("/dev/shm/x", "w")', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'a root that cannot be written',
    gap: { container: host({ ReadonlyRootfs: false }) },
    alone: { runner: [NO_UID] },
    codes: [body('open("/usr/left", "w")', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'a small folder for files',
    gap: { container: tmpfs('noexec,size=64m,nr_inodes=1024') },
    codes: [body('for n in range(3):', '    open(f"/tmp/{n}", "wb").write(bytes(9 << 20))', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'few inodes',
    gap: { container: tmpfs('noexec,size=16m,nr_inodes=10000') },
    codes: [body('for n in range(2000):', '    open(f"/tmp/{n}", "wb").close()', 'return True')],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'files that cannot be run',
    gap: { container: tmpfs('exec,size=16m,nr_inodes=1024') },
    alone: { runner: [NO_FILTER] },
    codes: [
      body(
        'import subprocess',
        'open("/tmp/p", "w").write("#!/usr/bin/python3\\n")',
        'os.chmod("/tmp/p", 0o700)',
        'return subprocess.run(["/tmp/p"]).returncode == 0',
      ),
    ],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'dropped capabilities',
    gap: { container: host({ CapDrop: [] }) },
    codes: [status('CapBnd')],
    verdicts: [`'00000000000000e0'`, 'other'],
  },
  {
    name: 'no new privileges',
    gap: { container: host({ SecurityOpt: ['seccomp=unconfined'] }) },
    alone: NO_FILTERS,
    codes: [status('NoNewPrivs')],
    verdicts: [`'1'`, `'0'`],
  },
  {
    name: 'the container’s memory',
    gap: { container: host({ Memory: 2 ** 31, MemorySwap: 2 ** 31 }) },
    alone: { runner: [noLimit('AS')] },
    codes: [body('x = bytearray(b"x") * (500 << 20)', 'return len(x) > 0')],
    limits: { memoryMb: 32 },
    verdicts: ['memory', 'pass'],
  },
  {
    name: 'the number of processes',
    gap: { container: host({ PidsLimit: -1 }) },
    alone: { runner: [NO_FILTER, noLimit('NPROC')] },
    codes: [
      body(
        'import signal, time',
        'for _ in range(140):',
        '    if os.fork() == 0:',
        '        time.sleep(60)',
        '        os._exit(0)',
        'return True',
      ),
    ],
    verdicts: ['error', 'pass'],
  },
  {
    name: 'a fixed hash seed',
    gap: { container: (options) => ({ ...options, Env: ['PYTHONHASHSEED=7'] }) },
    codes: [value('hash("text")')],
    verdicts: ['8000993259118358886', 'other'],
  },
];
