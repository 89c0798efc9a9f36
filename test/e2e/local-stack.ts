/** A whole local stack of its own for a test: state folder, ports, and the `ucoder` command bound to them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa, type ResultPromise } from 'execa';

const command = resolve('bin/ucoder.mjs');

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** A port whose successor by 1000 is free as well: Temporal's UI goes there. */
const portPair = async (): Promise<number> => {
  for (;;) {
    const port = await freePort();
    if (port + 1000 < 65_536 && (await isFree(port + 1000))) return port;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

export type LocalStack = {
  variables: Record<string, string>;
  /** Starts the command; its output is collected. */
  start: (...args: string[]) => ResultPromise<{ all: true; reject: false }>;
  /** Runs the command to its end and reads its standard output as JSON. */
  json: (...args: string[]) => Promise<unknown>;
  stop: () => Promise<void>;
};

export const localStack = async (): Promise<LocalStack> => {
  const folder = await mkdtemp(join(tmpdir(), 'ucoder-e2e-'));
  const variables = {
    UCODER_STATE: folder,
    UCODER_TEMPORAL_PORT: String(await portPair()),
    UCODER_S3_PORT: String(await freePort()),
    UCODER_MODEL_PORT: String(await freePort()),
  };
  const start = (...args: string[]) =>
    execa('node', [command, ...args], { env: variables, all: true, reject: false });
  return {
    variables,
    start,
    json: async (...args) => {
      const { stdout } = await execa('node', [command, ...args, '--json'], { env: variables });
      return JSON.parse(stdout);
    },
    stop: async () => {
      await start('down');
      await rm(folder, { recursive: true, force: true });
    },
  };
};
