/** Lends a running Docker engine: the one that answers, or ours, started for the while. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type Docker from 'dockerode';
import { UcoderError } from '../../core/errors.ts';
import { inheritedVariables } from '../environment.ts';
import { dockerFor } from './docker-client.ts';
import { engineAnswers } from './docker-engine.ts';
import type { DockerEngine } from './part.ts';
import type { PrivateEngine } from './private-engine.ts';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 200;
// The engine ends when our end of the pipe closes, so it does not outlive us whatever happens to us.
const UNTIL_INPUT_ENDS = '"$@" </dev/null & engine=$!; cat >/dev/null; kill "$engine"; wait "$engine"';

export const withEngine = async <Result>(
  engine: DockerEngine,
  log: string,
  work: (docker: Docker) => Promise<Result>,
): Promise<Result> => {
  if (await engineAnswers(engine)) return await work(dockerFor(engine));
  if (engine.kind !== 'private') {
    const where = engine.kind === 'host' ? `DOCKER_HOST=${engine.host}` : engine.socketPath;
    throw new UcoderError('engine-unavailable', `The Docker engine at ${where} does not answer.`);
  }
  const stop = await start(engine, log);
  try {
    return await work(dockerFor(engine));
  } finally {
    await stop();
  }
};

const start = async (engine: PrivateEngine, log: string): Promise<() => Promise<void>> => {
  await mkdir(dirname(log), { recursive: true });
  await mkdir(dirname(engine.socketPath), { recursive: true });
  // The folder may lie in /tmp; whoever reaches the socket is root on this machine.
  await chmod(dirname(engine.socketPath), 0o700);
  const output = createWriteStream(log, { flags: 'a' });
  const shell = spawn('sh', ['-c', UNTIL_INPUT_ENDS, 'sh', ...engine.command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...inheritedVariables(), ...engine.variables },
    detached: true,
  });
  shell.stdout.pipe(output);
  shell.stderr.pipe(output);
  const ended = new Promise<void>((resolve) => shell.once('close', () => resolve()));
  const stop = async () => {
    shell.stdin.end();
    await ended;
  };
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await engineAnswers(engine))) {
    if (Date.now() > deadline || shell.exitCode !== null) {
      await stop();
      throw new UcoderError(
        'engine-unavailable',
        `Our Docker engine did not start within ${READY_TIMEOUT_MS / 1000} s. Its log: ${log}`,
      );
    }
    await wait(POLL_MS);
  }
  return stop;
};
