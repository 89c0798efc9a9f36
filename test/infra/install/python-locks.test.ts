import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UV_VERSION } from '../../../infra/install/uv.ts';
import { projectRoot } from '../../../infra/paths.ts';

const read = (name: string): string => readFileSync(join(projectRoot, 'infra', 'python', name), 'utf8');
const lock = read('requirements.lock');
const entries = lock.split(/\n(?=[a-z])/);

describe('infra/python', () => {
  it('pins every package with hashes, and names no index and no path', () => {
    for (const entry of entries) expect(entry).toMatch(/^[a-z0-9._-]+==\S+[\s\S]*--hash=sha256:[0-9a-f]{64}/);
    expect(lock).not.toMatch(/:\/\/|@ |find-links|index-url|file:/);
  });

  it('has everything that requirements.in asks for, in the version that it names', () => {
    for (const line of read('requirements.in').split('\n')) {
      const requirement = line.split(';')[0]?.trim() ?? '';
      if (requirement === '' || requirement.startsWith('#')) continue;
      const start = requirement.includes('==') ? requirement : `${requirement}==`;
      expect(
        entries.some((entry) => entry.startsWith(start)),
        requirement,
      ).toBe(true);
    }
  });

  it('leaves out what overrides.txt excludes', () => {
    const excluded = [...read('overrides.txt').matchAll(/^([a-z0-9-]+); sys_platform == 'never'$/gm)].map(
      ([, name]) => name,
    );
    expect(excluded.length).toBeGreaterThan(0);
    for (const name of excluded) expect(lock).not.toMatch(new RegExp(`^${name}==`, 'm'));
  });

  it('fetches the uv that the installer expects, by hash', () => {
    expect(read('uv-bootstrap.lock')).toMatch(
      new RegExp(`^uv==${UV_VERSION.replaceAll('.', '\\.')} \\\\\\n +--hash=sha256:`),
    );
    expect(read('compile.sh')).toContain(`uv==${UV_VERSION}`);
  });
});
