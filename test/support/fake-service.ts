/** Small services for tests of the supervisor: real processes that answer on a port, and misbehave when told. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../infra/environment.ts';
import { type Paths, pathsFor } from '../../infra/paths.ts';
import { down } from '../../infra/stack/down.ts';
import type { Service } from '../../infra/stack/service.ts';
import { freePort } from './ports.ts';

/** A state folder of the test's own. Nothing that was started under it is left after `remove`. */
export const temporaryState = async (
  name = 'state',
): Promise<{ paths: Paths; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'ucoder-stack-'));
  const environment = readEnvironment({
    UCODER_STATE: join(folder, name),
    UCODER_CACHE: join(folder, 'cache'),
  });
  const paths = pathsFor(environment);
  for (const part of [paths.run, paths.logs, paths.secrets]) await mkdir(part, { recursive: true });
  return {
    paths,
    remove: async () => {
      await down(environment);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Answers 200 on every path, and starts a child that nothing but SIGKILL ends. */
const PROGRAM = `
const { spawn } = require('node:child_process');
const child = spawn('sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { stdio: 'ignore' });
require('node:http').createServer((_, response) => response.end('ok')).listen(Number(process.argv[1]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
console.log('listening, child ' + child.pid);
`;

export const fakeService = async (name: string, changes: Partial<Service> = {}): Promise<Service> => {
  const port = await freePort();
  return {
    name,
    role: 'server',
    command: [process.execPath, '-e', PROGRAM, String(port)],
    folder: tmpdir(),
    environment: {},
    ports: [{ port, variable: 'UCODER_FAKE_PORT' }],
    address: `127.0.0.1:${port}`,
    health: { kind: 'http', url: `http://127.0.0.1:${port}/health` },
    folders: [],
    readyTimeoutMs: 20_000,
    unhealthyTimeoutMs: 20_000,
    stop: { signal: 'SIGTERM', graceMs: 2_000 },
    dependsOn: [],
    ...changes,
  };
};

/** An executable that listens on every port it is given, as Temporal and the S3 server do. */
export const fakeProgram = async (folder: string): Promise<string> => {
  const file = join(folder, 'fake-server');
  const script = `#!${process.execPath}
const { createServer } = require('node:http');
const given = process.argv.slice(2);
for (const [index, word] of given.entries()) {
  if (word !== '--port' && word !== '--ui-port') continue;
  createServer((_, response) => response.end('{}')).listen(Number(given[index + 1].split(':').at(-1)), '127.0.0.1');
}
process.on('SIGTERM', () => process.exit(0));
`;
  await writeFile(file, script, { mode: 0o755 });
  return file;
};
