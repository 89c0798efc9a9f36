import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../infra/environment.ts';
import { findMissing, PART_BYTES } from '../../../infra/install/machine-check.ts';
import type { MachineFacts } from '../../../infra/install/machine-facts.ts';
import { PART_NAMES } from '../../../infra/install/part.ts';

const GIB = 1024 ** 3;
const ours = readEnvironment({});

/** A machine on which nothing is installed and nothing is missing. */
const fresh: MachineFacts = {
  platform: 'linux',
  architecture: 'x64',
  glibc: '2.36',
  processorFlags: new Set(['avx2']),
  nodeVersion: '20.20.2',
  programs: {
    npm: '/usr/bin/npm',
    git: '/usr/bin/git',
    go: '/usr/bin/go',
    tar: '/usr/bin/tar',
    gzip: '/usr/bin/gzip',
    flock: '/usr/bin/flock',
    'apt-get': '/usr/bin/apt-get',
    'dpkg-deb': '/usr/bin/dpkg-deb',
  },
  goVersion: '1.26',
  pythons: [{ path: '/usr/bin/python3', version: [3, 11], hasPip: false, hasVenv: false }],
  hasNumaLibrary: false,
  isRoot: true,
  docker: 'absent',
  dockerSockets: ['/var/run/docker.sock'],
  cache: { path: '/root/.cache/ucoder', freeBytes: 100 * GIB, device: 'a' },
  state: { path: '/root/ucoder/.ucoder', freeBytes: 100 * GIB, device: 'a' },
  memoryBytes: 24 * GIB,
  takenPorts: [],
  installed: new Set(),
  downloadsReached: false,
};

const missing = (changes: Partial<MachineFacts>, environment = ours): string[] =>
  findMissing({ ...fresh, ...changes }, environment).map((finding) => finding.missing);

const without = (...names: (keyof MachineFacts['programs'])[]): MachineFacts['programs'] =>
  Object.fromEntries(
    Object.entries(fresh.programs).filter(([name]) => !names.some((other) => other === name)),
  );

describe('findMissing', () => {
  it('finds nothing missing on a fresh Debian with Go, as root', () => {
    expect(missing({})).toEqual([]);
  });

  it('names everything at once', () => {
    const found = missing({
      nodeVersion: '18.19.0',
      programs: {},
      pythons: [],
      goVersion: undefined,
      isRoot: false,
      memoryBytes: 2 * GIB,
      cache: { ...fresh.cache, freeBytes: GIB },
      takenPorts: [{ port: 7233, service: 'Temporal', variable: 'UCODER_TEMPORAL_PORT', holder: undefined }],
    });
    for (const word of [
      'Node.js',
      'npm',
      'git',
      'tar',
      'flock',
      'Python',
      'Go',
      'Docker',
      'disk',
      'memory',
      'port 7233',
    ]) {
      expect(found.join('\n')).toContain(word);
    }
  });

  it('says for each what was tried and what to do', () => {
    const findings = findMissing({ ...fresh, programs: {}, pythons: [], isRoot: false }, ours);
    expect(findings.length).toBeGreaterThan(3);
    for (const { tried, todo } of findings) {
      expect(tried).not.toBe('');
      expect(todo).toMatch(/^(Install|Set|Stop|Start|Free|Use|sudo)/);
    }
  });

  it('asks for Go only where a server must be built', () => {
    const noGo = { goVersion: undefined, programs: without('go') };
    expect(missing(noGo)).toHaveLength(1);
    expect(missing({ ...noGo, downloadsReached: true })).toEqual([]);
    expect(missing({ ...noGo, installed: new Set(['temporal', 's3'] as const) })).toEqual([]);
    const external = readEnvironment({ TEMPORAL_ADDRESS: 'there:7233', AWS_ENDPOINT_URL_S3: 'http://there' });
    expect(missing(noGo, external)).toEqual([]);
    expect(missing({ ...noGo, goVersion: '1.19', installed: new Set(['s3'] as const) })).toEqual([
      'temporal, or Go 1.21 or newer to build it',
    ]);
  });

  it('accepts Python 3.11 to 3.14 only, and takes the first that fits', () => {
    const python = (minor: number) => ({
      ...fresh.pythons[0],
      path: `python3.${minor}`,
      version: [3, minor] as const,
      hasPip: true,
      hasVenv: true,
    });
    for (const minor of [11, 12, 13, 14]) expect(missing({ pythons: [python(minor)] })).toEqual([]);
    for (const minor of [9, 10, 15]) expect(missing({ pythons: [python(minor)] })).toHaveLength(1);
    expect(missing({ pythons: [python(9), python(12)] })).toEqual([]);
  });

  it('asks for pip or uv only where Debian cannot lend one', () => {
    const programs = without('apt-get', 'dpkg-deb');
    const docker = { docker: 'found', hasNumaLibrary: true } as const;
    expect(missing({ ...docker, programs })).toEqual(['a way to install Python packages']);
    expect(missing({ ...docker, programs: { ...programs, uv: '/usr/bin/uv' } })).toEqual([]);
  });

  it('tells a machine without a vLLM wheel to set UCODER_MODEL_URL', () => {
    const [finding] = findMissing({ ...fresh, architecture: 'riscv64' }, ours);
    expect(finding?.tried).toBe('there is no vLLM wheel for linux on riscv64');
    expect(finding?.todo).toContain('UCODER_MODEL_URL');
    const external = readEnvironment({ UCODER_MODEL_URL: 'http://there/v1' });
    expect(missing({ architecture: 'riscv64' }, external)).toEqual([]);
    expect(missing({ processorFlags: new Set(['sse2']) })).toEqual(['a processor with AVX2']);
    expect(missing({ glibc: undefined })).toEqual(['the GNU C library 2.31 or newer']);
    expect(missing({ glibc: '2.30' })).toEqual(['the GNU C library 2.31 or newer']);
  });

  it('tells an ordinary user how to reach the engine', () => {
    expect(missing({ isRoot: false, docker: 'found' })).toEqual([]);
    expect(missing({ isRoot: false, docker: 'refused' })).toEqual(['access to the Docker engine']);
    expect(missing({ isRoot: false })).toEqual(['a Docker engine']);
    expect(missing({ programs: without('dpkg-deb') })).toContain('a Docker engine');
  });

  it('counts the space of what is not installed yet, per disk', () => {
    const [finding] = findMissing({ ...fresh, cache: { ...fresh.cache, freeBytes: 5 * GIB } }, ours);
    expect(finding?.missing).toContain('free disk space');
    expect(finding?.tried).toBe('/root/.cache/ucoder has 5.0 GiB free');
    const installed = new Set(PART_NAMES);
    expect(missing({ installed, cache: { ...fresh.cache, freeBytes: 5 * GIB } })).toEqual([]);
    expect(missing({ installed, state: { ...fresh.state, device: 'b', freeBytes: GIB } })).toEqual([
      '4.0 GiB of free disk space',
    ]);
  });

  it('never asks for more when more is installed', () => {
    fc.assert(
      fc.property(fc.subarray([...PART_NAMES]), fc.constantFrom(...PART_NAMES), (some, another) => {
        const poor = { goVersion: undefined, pythons: [], cache: { ...fresh.cache, freeBytes: 2 * GIB } };
        const before = missing({ ...poor, installed: new Set(some) });
        const after = missing({ ...poor, installed: new Set([...some, another]) });
        expect(after.length).toBeLessThanOrEqual(before.length);
      }),
    );
  });

  it('knows a size for every part', () => {
    expect(Object.keys(PART_BYTES).sort()).toEqual([...PART_NAMES].sort());
  });
});
