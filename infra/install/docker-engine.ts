/**
 * Finds a Docker engine, or the programs for one of our own: DOCKER_HOST, a socket that answers, and as
 * root on Debian the distribution's engine, unpacked into the cache without installing it. That one runs
 * as a service of ours with its own data and socket, so nothing of the machine's is touched.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UcoderError } from '../../core/errors.ts';
import { atomicFolder } from './atomic-folder.ts';
import { canUseApt, unpackDebianPackages } from './debian-packages.ts';
import { dockerFor } from './docker-client.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { type InstallContext, logFileOf, searchPathOf } from './install-context.ts';
import type { DockerEngine, Part } from './part.ts';
import { privateEngine } from './private-engine.ts';
import { runLogged } from './run-logged.ts';

const PACKAGES = ['docker.io', 'containerd', 'runc', 'tini'];
const PING_TIMEOUT_MS = 3_000;

export const dockerEngine = (context: InstallContext): Part<DockerEngine> => ({
  name: 'docker',
  async isInstalled() {
    const { dockerHost } = context.environment;
    // What the user names is taken as it is: when it does not answer, that is said, and nothing replaces it.
    if (dockerHost !== undefined) return { kind: 'host', host: dockerHost, ownsEngine: false };
    const programs = isRoot() ? await findPrograms(context) : undefined;
    const ours = programs === undefined ? undefined : privateEngine(context, programs);
    // One of ours that runs holds our image and containers, whatever else has come up since.
    if (ours !== undefined && (await engineAnswers(ours))) return ours;
    return (await findRunningEngine(context)) ?? ours;
  },
  async install(say) {
    if (!isRoot() || !(await canUseApt(context))) throw noEngine(context);
    const folder = unpackedFolder(context);
    await atomicFolder(folder, (temporary) => unpack(context, temporary, say));
    return privateEngine(context, { dockerd: join(folder, 'usr', 'sbin', 'dockerd'), root: folder });
  },
});

/** Only root may start an engine that isolates containers from each other and from us. */
const isRoot = (): boolean => process.getuid?.() === 0;

/** The sockets where an engine of the machine or of this user may listen. */
export const socketCandidates = (variables: NodeJS.ProcessEnv): string[] => [
  '/var/run/docker.sock',
  ...(variables.XDG_RUNTIME_DIR ? [join(variables.XDG_RUNTIME_DIR, 'docker.sock')] : []),
  join(homedir(), '.docker', 'run', 'docker.sock'),
];

const findRunningEngine = async (context: InstallContext): Promise<DockerEngine | undefined> => {
  for (const socketPath of socketCandidates(context.variables)) {
    const engine: DockerEngine = { kind: 'socket', socketPath, ownsEngine: false };
    if (await engineAnswers(engine)) return engine;
  }
  return undefined;
};

/** True if the engine answers within a few seconds. */
export const engineAnswers = async (engine: DockerEngine): Promise<boolean> => {
  try {
    await dockerFor(engine, PING_TIMEOUT_MS).ping();
    return true;
  } catch {
    return false;
  }
};

/** An engine that is installed but does not run: the machine's, or the one that we unpacked. */
const findPrograms = async (
  context: InstallContext,
): Promise<{ dockerd: string; root?: string } | undefined> => {
  const root = unpackedFolder(context);
  const unpacked = join(root, 'usr', 'sbin', 'dockerd');
  if (await isExecutable(unpacked)) return { dockerd: unpacked, root };
  const search = searchPathOf(context);
  const found = await Promise.all(
    ['dockerd', 'containerd', 'runc'].map((name) => findExecutable(name, search)),
  );
  const dockerd = found[0];
  return dockerd === undefined || found.includes(undefined) ? undefined : { dockerd };
};

const unpackedFolder = (context: InstallContext): string => join(context.paths.cache, 'docker-engine');

const unpack = async (
  context: InstallContext,
  folder: string,
  say: (activity: string) => void,
): Promise<void> => {
  const log = logFileOf(context, 'docker');
  await unpackDebianPackages(context, { packages: PACKAGES, folder, log, say, dependencies: 'missing' });
  const { command, variables } = privateEngine(context, {
    dockerd: join(folder, 'usr', 'sbin', 'dockerd'),
    root: folder,
  });
  await runLogged({
    command: command[0],
    arguments: ['--version'],
    log,
    purpose: 'asking the Docker engine for its version',
    advice: 'Install Docker yourself (Debian: apt-get install docker.io), or set DOCKER_HOST.',
    variables,
  });
};

const noEngine = (context: InstallContext): UcoderError =>
  new UcoderError(
    'engine-unavailable',
    `No Docker engine: DOCKER_HOST is not set, and none answers at ${socketCandidates(context.variables).join(', ')}. Start Docker, and if it runs let this user reach it (sudo usermod -aG docker $USER, then log in again).`,
  );
