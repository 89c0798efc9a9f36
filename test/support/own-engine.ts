/** A Docker engine that belongs to one test, which may kill it: own socket, own data, the sandbox image copied in. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Dockerode from 'dockerode';
import { readEnvironment } from '../../infra/environment.ts';
import { dockerEngine, engineAnswers } from '../../infra/install/docker-engine.ts';
import { installContext } from '../../infra/install/install-context.ts';
import type { PrivateEngine } from '../../infra/install/private-engine.ts';
import { pythonImageTag } from '../../infra/sandbox/image.ts';
import { identify, isAlive } from '../../infra/stack/process-identity.ts';
import { waitUntil } from '../../infra/stack/wait-until.ts';
import { testDocker } from './docker.ts';

const READY_MS = 60_000;

export type OwnEngine = {
  readonly docker: Dockerode;
  /** Kill -9, without a word to its containers; resolves when it is dead. */
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it with all that it started, and removes its data. */
  close(): Promise<void>;
};

/** Undefined where this user cannot start one: not root, or the engine is no program of this machine. */
export const ownEngine = async (): Promise<OwnEngine | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'ucoder-engine-'));
  const { DOCKER_HOST: _, ...variables } = process.env;
  const context = installContext(readEnvironment({ ...variables, UCODER_STATE: folder }));
  const found = await dockerEngine(context).isInstalled();
  if (found?.kind !== 'private') {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const engine: OwnEngine = new PrivateTestEngine(folder, found);
  try {
    await engine.start();
    await copyImage(engine.docker);
    return engine;
  } catch (thrown) {
    await engine.close();
    throw thrown;
  }
};

const copyImage = async (docker: Dockerode): Promise<void> => {
  const answer = await docker.loadImage(await testDocker().getImage(pythonImageTag()).get());
  await once(answer.resume(), 'end');
};

class PrivateTestEngine implements OwnEngine {
  readonly docker: Dockerode;
  readonly #folder: string;
  readonly #engine: PrivateEngine;
  #process: ChildProcess | undefined;

  constructor(folder: string, engine: PrivateEngine) {
    this.#folder = folder;
    this.#engine = engine;
    this.docker = new Dockerode({ socketPath: engine.socketPath });
  }

  async start(): Promise<void> {
    const [program = '', ...options] = this.#engine.command;
    await mkdir(dirname(this.#engine.socketPath), { recursive: true, mode: 0o700 });
    this.#process = spawn(program, options, { env: { ...this.#engine.variables }, stdio: 'ignore' });
    if (!(await waitUntil(() => engineAnswers(this.#engine), READY_MS)))
      throw new Error('The test’s own engine does not answer.');
  }

  async kill(): Promise<void> {
    const pidFile = join(dirname(this.#engine.socketPath), 'exec', 'containerd', 'containerd.pid');
    const containerd = await identify(Number(await readFile(pidFile, 'utf8')));
    await this.#end('SIGKILL');
    // The kernel ends containerd with it; a new engine would wait for one that is still dying, as for its own.
    if (containerd && !(await waitUntil(async () => !(await isAlive(containerd)), READY_MS)))
      throw new Error('The killed engine’s containerd lives on.');
    await rm(pidFile, { force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    const runtime = dirname(this.#engine.socketPath);
    await waitUntil(async () => {
      const left = await processesNaming(runtime);
      for (const pid of left) process.kill(pid, 'SIGKILL');
      return left.length === 0;
    }, READY_MS);
    await unmountBelow(this.#folder);
    await rm(this.#folder, { recursive: true, force: true });
    await rm(runtime, { recursive: true, force: true });
  }
}

/** What a killed engine left behind, by its folder in the command line. */
const processesNaming = async (folder: string): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => lines[index]?.includes(folder));
};

/** The innermost first. */
const unmountBelow = async (folder: string): Promise<void> => {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse())
    await promisify(execFile)('umount', [mount]);
};
