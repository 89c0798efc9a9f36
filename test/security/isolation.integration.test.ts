/** What a running sandbox container is, read back from the engine, and what is left behind when it is gone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWNER_LABEL } from '../../activities/sandbox/container-template.ts';
import type { Executor } from '../../activities/sandbox/executor.ts';
import { batchOf, resultOf, testDocker, testExecutor } from '../support/docker.ts';

const docker = testDocker();

const ownContainers = async () => {
  const found = await docker.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  return found.filter(({ Labels }) => Labels['ucoder.holder']?.includes(`~${process.pid}~`));
};

describe('a sandbox container', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 2 });
  }, 120_000);
  afterAll(() => executor.close());

  const evaluate = async (expression: string, before = ''): Promise<string | null | undefined> => {
    const code = `import os\n${before}\ndef f():\n    return ${expression}`;
    const batch = batchOf({ tests: [{ id: 't', call: 'f()', expected: 'None' }], codes: [code] });
    return resultOf(await executor.execute(batch), 0).outputs[0];
  };

  it('is what the template says', async () => {
    await evaluate('1');
    const [first] = await ownContainers();
    const inspected = await docker.getContainer(first?.Id ?? '').inspect();
    const { HostConfig, Config, Mounts } = inspected;
    expect(HostConfig).toMatchObject({
      AutoRemove: true,
      CapDrop: ['ALL'],
      NetworkMode: 'none',
      IpcMode: 'none',
      Privileged: false,
      ReadonlyRootfs: true,
      LogConfig: { Type: 'none' },
      PidsLimit: 128,
    });
    expect([...(HostConfig.CapAdd ?? [])].map((name) => name.replace('CAP_', '')).sort()).toEqual([
      'KILL',
      'SETGID',
      'SETUID',
    ]);
    expect(HostConfig.MemorySwap).toBe(HostConfig.Memory);
    expect(HostConfig.Memory).toBeLessThan(2 ** 30);
    expect(HostConfig.NanoCpus).toBeGreaterThan(0);
    expect(HostConfig.Binds ?? []).toEqual([]);
    expect(HostConfig.Devices ?? []).toEqual([]);
    expect(Mounts).toEqual([]);
    expect(HostConfig.SecurityOpt).toContain('no-new-privileges:true');
    const seccomp = HostConfig.SecurityOpt?.find((option: string) => option.startsWith('seccomp='));
    const allowed: string[] = JSON.parse(seccomp?.slice(8) ?? '{}').syscalls.flatMap(
      ({ action, names }: { action: string; names: string[] }) => (action === 'SCMP_ACT_ALLOW' ? names : []),
    );
    for (const name of [
      ...[
        'io_uring_setup',
        'keyctl',
        'add_key',
        'ptrace',
        'process_vm_readv',
        'unshare',
        'setns',
        'mount',
        'bpf',
      ],
      ...[
        'userfaultfd',
        'perf_event_open',
        'socket',
        'kexec_load',
        'init_module',
        'reboot',
        'swapon',
        'chroot',
      ],
      ...['pivot_root', 'open_by_handle_at', 'personality', 'clone3', 'settimeofday', 'mq_open', 'shmget'],
    ]) {
      expect(allowed).not.toContain(name);
    }
    expect(
      Config.Env?.filter((variable) => !/^(PATH|LANG|HOME|PYTHON\w*|MALLOC_ARENA_MAX)=/.test(variable)),
    ).toEqual([]);
    expect(Config.Hostname).toBe('sandbox');
  });

  it('gives a candidate a uid of its own, no capability and no way to gain one', async () => {
    const status = `{k: v.strip() for k, _, v in (l.partition(':') for l in open('/proc/self/status'))}`;
    const fields = `(s['CapEff'], s['CapPrm'], s['CapBnd'] != '', s['NoNewPrivs'], s['Seccomp'], s['Uid'].split()[0] == s['Uid'].split()[3], s['Groups'])`;
    expect(await evaluate(`(lambda s: ${fields})(${status})`)).toBe(
      "('0000000000000000', '0000000000000000', True, '1', '2', True, '')",
    );
    const uids = await Promise.all([1, 2, 3].map((n) => evaluate(`(os.getuid(), ${n})[0]`)));
    expect(new Set(uids).size).toBe(3);
    for (const uid of uids) expect(Number(uid)).toBeGreaterThan(1000);
  });

  it('gives containers disjoint ranges of uids', async () => {
    const ranges = (await docker.listContainers({ filters: { label: [OWNER_LABEL] } })).map(
      ({ Labels }) => Labels['ucoder.uids'],
    );
    expect(new Set(ranges).size).toBe(ranges.length);
  });

  it('shows a candidate nothing of the worker', async () => {
    expect(
      await evaluate(`sorted(k for k in os.environ if 'AWS' in k or 'UCODER' in k or 'DOCKER' in k)`),
    ).toBe('[]');
    expect(await evaluate(`open('/proc/net/dev').read().count('\\n')`)).toBe('3');
    expect(await evaluate(`os.path.exists('/var/run/docker.sock')`)).toBe('False');
  });

  it('has a fixed hash seed', async () => {
    expect(await evaluate(`hash('text')`)).toBe(await evaluate(`hash("text")`));
  });

  it('never holds an expected value where a candidate could look', async () => {
    // Every readable page of the process, its own source aside, after a test with a telling expected value.
    const code = `
def f():
    needle = b''.join([b'EXPECTED', b'-', b'NEEDLE'])
    found = 0
    import ctypes, gc
    for line in open('/proc/self/maps'):
        span, mode, *rest = line.split()
        if not mode.startswith('r') or 'vvar' in line or 'vsyscall' in line: continue
        low, high = (int(x, 16) for x in span.split('-'))
        data = ctypes.string_at(low, high - low)
        found += data.count(needle) 
    return found
`;
    const batch = batchOf({
      tests: [
        { id: 'a', call: 'f()', expected: "'EXPECTED-NEEDLE'" },
        { id: 'b', assert: "assert f() == 'EXPECTED-NEEDLE'" },
        { id: 'c', program: "assert f() == 'EXPECTED-NEEDLE'" },
        { id: 'd', assert: "assert f() != 1 and 'EXPECTED-NEEDLE'" },
      ],
      codes: [code],
      limits: { memoryMb: 1024 },
    });
    const { outcomes, outputs } = resultOf(await executor.execute(batch), 0);
    expect(outcomes.slice(0, 3)).toEqual(['fail', 'fail', 'fail']);
    // The joined needle itself and copies of it that the search makes.
    expect(Number(outputs[0])).toBeLessThan(20);
    const none = await evaluate('0', '');
    expect(none).toBe('0');
  });

  it('keeps no process and no file of a candidate', async () => {
    const code = `
import os, threading, time
def f():
    open('/tmp/left', 'w').write('x')
    os.makedirs('/tmp/folder/deep', exist_ok=True)
    threading.Thread(target=lambda: time.sleep(100), daemon=True).start()
    return 1
`;
    const look =
      'import os\ndef f():\n    return (sorted(os.listdir("/tmp")), len([p for p in os.listdir("/proc") if p.isdigit()]))';
    const batch = batchOf({
      tests: [{ id: 't', call: 'f()', expected: '1' }],
      codes: [code, look, `${code}\nN = 1`, `${look}\nN = 1`],
    });
    const one = await testExecutor({ containers: 1 });
    try {
      const matrix = await one.execute(batch);
      // The runner, the process that forks candidates, and the candidate.
      expect(resultOf(matrix, 1).outputs).toEqual(['([], 3)']);
      expect(resultOf(matrix, 3).outputs).toEqual(['([], 3)']);
    } finally {
      await one.close();
    }
  });

  it('is gone when its executor is closed', async () => {
    const other = await testExecutor({ containers: 1 });
    await other.execute(
      batchOf({ tests: [{ id: 't', call: 'f()', expected: '1' }], codes: ['def f(): return 1'] }),
    );
    const during = (await ownContainers()).length;
    await other.close();
    await expect.poll(async () => (await ownContainers()).length).toBeLessThan(during);
  });
});
