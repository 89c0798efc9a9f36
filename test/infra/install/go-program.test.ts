import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../infra/environment.ts';
import { checksumOf, type GoProgram, goProgram } from '../../../infra/install/go-program.ts';
import { installContext } from '../../../infra/install/install-context.ts';

let folder: string;
let server: Server;
let releases: Record<string, Buffer>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-go-'));
  releases = {};
  server = createServer((request, response) => {
    const body = releases[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const context = (path: string) =>
  installContext(readEnvironment({ UCODER_CACHE: join(folder, 'cache') }), { ...process.env, PATH: path });

const program = (): GoProgram => ({
  part: 's3',
  name: 'gateway',
  version: 'v1.2.3',
  module: 'example.invalid/gateway',
  linkerFlags: '',
  releaseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  archive: 'gateway_v1.2.3_Linux.tar.gz',
  probe: ['--help'],
  expected: /--health/,
});

/** An executable that answers with `help`. */
const writeProgram = (file: string, help: string): void => {
  writeFileSync(file, `#!/bin/sh\necho "${help}"\n`);
  chmodSync(file, 0o755);
};

/** Puts a release up; with `wrapped` its files lie in a folder of the archive's name. */
const release = (wrapped: boolean): Buffer => {
  const inner = wrapped ? 'gateway_v1.2.3_Linux' : '.';
  mkdirSync(join(folder, 'made', inner), { recursive: true });
  writeProgram(join(folder, 'made', inner, 'gateway'), 'options: --health');
  const file = join(folder, 'made.tar.gz');
  execFileSync('tar', ['-czf', file, '-C', join(folder, 'made'), wrapped ? inner : 'gateway']);
  return readFileSync(file);
};

const offer = (archive: Buffer, hash = createHash('sha256').update(archive).digest('hex')): void => {
  releases['/gateway_v1.2.3_Linux.tar.gz'] = archive;
  releases['/checksums.txt'] = Buffer.from(
    `${'0'.repeat(64)}  other.tar.gz\n${hash}  gateway_v1.2.3_Linux.tar.gz\n`,
  );
};

const system = '/usr/bin:/bin';
const say = () => undefined;

describe('goProgram', () => {
  it('takes the one on PATH if it has the options that are needed', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeProgram(join(bin, 'gateway'), 'options: --health');
    expect(await goProgram(context(`${bin}:${system}`), program()).isInstalled()).toBe(join(bin, 'gateway'));
    writeProgram(join(bin, 'gateway'), 'an old one');
    expect(await goProgram(context(`${bin}:${system}`), program()).isInstalled()).toBeUndefined();
  });

  it.each([true, false])('installs the official download (files in a folder: %s)', async (wrapped) => {
    offer(release(wrapped));
    const part = goProgram(context(system), program());
    const path = await part.install(say);
    expect(path).toBe(join(folder, 'cache', 'bin', 'gateway-v1.2.3', 'gateway'));
    expect(await part.isInstalled()).toBe(path);
    expect(execFileSync(path, ['--help'], { encoding: 'utf8' })).toContain('--health');
  });

  it('refuses a download that does not match its checksum, and without Go says both', async () => {
    offer(release(false), 'f'.repeat(64));
    const part = goProgram(context(join(folder, 'empty')), program());
    await expect(part.install(say)).rejects.toThrow(/sha256 .*checksums\.txt says f+.*no Go on PATH/s);
    expect(await part.isInstalled()).toBeUndefined();
  });

  it('builds with Go where there is no download, and says what Go said when that fails', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const go = join(bin, 'go');
    writeFileSync(
      go,
      '#!/bin/sh\nprintf \'#!/bin/sh\\necho "--health"\\n\' > "$GOBIN/gateway" && chmod +x "$GOBIN/gateway"\n',
    );
    chmodSync(go, 0o755);
    const part = goProgram(context(`${bin}:${system}`), program());
    await part.install(say);
    expect(await part.isInstalled()).toContain('gateway-v1.2.3');
    await rm(join(folder, 'cache'), { recursive: true });
    writeFileSync(go, '#!/bin/sh\necho module not found >&2; exit 1\n');
    await expect(part.install(say)).rejects.toThrow(/module not found.*s3\.log/s);
  });
});

describe('checksumOf', () => {
  it('finds the line of a file, marked binary or not', () => {
    expect(checksumOf('aa  x.tar.gz\nbb *y.tar.gz\n', 'y.tar.gz')).toBe('bb');
    expect(checksumOf('aa  x.tar.gz\n', 'z.tar.gz')).toBeUndefined();
  });
});
