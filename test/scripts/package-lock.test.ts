import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../infra/paths.ts';
import { completeLock, missingOptional, parseLock } from '../../scripts/complete-lock.ts';

describe('package-lock.json', () => {
  it('has the packages of all platforms, without which npm ci refuses it (npm run lock adds them)', async () => {
    const text = await readFile(join(projectRoot, 'package-lock.json'), 'utf8');
    expect(missingOptional(parseLock(text))).toEqual([]);
  });

  it('names no registry, so that it holds for a mirror as well', async () => {
    const text = await readFile(join(projectRoot, 'package-lock.json'), 'utf8');
    expect(text).not.toContain('"resolved": "http');
  });
});

describe('completeLock', () => {
  it('adds what a package names as optional, nested packages included', () => {
    const lock = parseLock(
      JSON.stringify({
        packages: {
          '': { version: '1.0.0' },
          'node_modules/a': {
            version: '2.0.0',
            dev: true,
            optionalDependencies: { '@a/linux-x64-gnu': '2.0.0', '@a/darwin-arm64': '2.0.0' },
          },
          'node_modules/a/node_modules/b': {
            version: '1.0.0',
            optionalDependencies: { '@a/linux-x64-gnu': '2.0.0' },
          },
          'node_modules/@a/linux-x64-gnu': { version: '2.0.0' },
        },
      }),
    );
    const complete = completeLock(lock);
    expect(missingOptional(complete)).toEqual([]);
    expect(complete.packages['node_modules/@a/darwin-arm64']).toEqual({
      ...{ version: '2.0.0', cpu: ['arm64'], dev: true, optional: true, os: ['darwin'] },
    });
  });
});
