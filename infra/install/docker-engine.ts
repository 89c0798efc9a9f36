/**
 * Finds a Docker engine, or the programs for one of our own: DOCKER_HOST, a socket that answers, and as
 * root on Debian the distribution's engine, unpacked into the cache without installing it. That one runs
 * as a service of ours with its own data and socket, so nothing of the machine's is touched.
 */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { execa } from 'execa';
import { UcoderError } from '../../core/errors.ts';
import { atomicFolder } from './atomic-folder.ts';
import { canUseApt, unpackDebianPackages } from './debian-packages.ts';
import { dockerFor } from './docker-client.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { type InstallContext, logFileOf, searchPathOf } from './install-context.ts';
import type { DockerEngine, Part } from './part.ts';
import { runLogged } from './run-logged.ts';

const PACKAGES = ['docker.io', 'containerd', 'runc', 'tini'];
const PING_TIMEOUT_MS = 3_000;
/** sun_path of a Unix socket address: 108 bytes with the closing zero. */
const SOCKET_PATH_LIMIT = 107;
/** The longest thing that the engine opens below its folder. */
const LONGEST_SOCKET = 'exec/containerd/containerd-debug.sock';

export const dockerEngine = (context: InstallContext): Part<DockerEngine> => ({
  name: 'docker',
  async isInstalled() {
    const running = await findRunningEngine(context);
    if (running !== undefined) return running;
    const programs = await findPrograms(context);
    return programs === undefined || !isRoot() ? undefined : privateEngine(context, programs);
  },
  async install(say) {
    if (!isRoot() || !(await canUseApt(context))) throw noEngine(context);
    await atomicFolder(programsFolder(context), (temporary) => unpack(context, temporary, say));
    return privateEngine(context, await findPrograms(context) ?? []);
  },
});

const isRoot = (): boolean => process.getuid?.() === 0;

/** The sockets where an engine of the machine or of this user may listen. */
export const socketCandidates = (variables: NodeJS.ProcessEnv): string[] => [
  '/var/run/docker.sock',
  ...(variables.XDG_RUNTIME_DIR ? [join(variables.XDG_RUNTIME_DIR, 'docker.sock')] : []),
  join(homedir(), '.docker', 'run', 'docker.sock'),
];

const findRunningEngine = async (context: InstallContext): Promise<DockerEngine | undefined> => {
  const { dockerHost } = context.environment;
  // What the user names is taken as it is: when it does not answer, that is said, and nothing replaces it.
  if (dockerHost !== undefined) return { kind: 'host', host: dockerHost, ownsEngine: false };
  for (const socketPath of socketCandidates(context.variables)) {
    if (await answers({ kind: 'socket', socketPath, ownsEngine: false })) {
      return { kind: 'socket', socketPath, ownsEngine: false };
    }
  }
  return undefined;
};

/** True if the engine answers within a few seconds. */
export const answers = async (engine: DockerEngine): Promise<boolean> => {
  try {
    await dockerFor(engine, PING_TIMEOUT_MS).ping();
    return true;
  } catch {
    return false;
  }
};
