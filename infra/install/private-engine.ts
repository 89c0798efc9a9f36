/** How the Docker engine of our own is started: everything it writes lies in .ucoder or in a folder of this user. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstallContext } from './install-context.ts';
import type { DockerEngine } from './part.ts';

/** Where dockerd is; `root` if it was unpacked from packages, and its helpers and libraries lie there too. */
export type EnginePrograms = Readonly<{ dockerd: string; root?: string }>;

export type PrivateEngine = Extract<DockerEngine, { kind: 'private' }>;

/** sun_path, the address of a Unix socket, has 108 bytes with the closing zero. */
const SOCKET_PATH_LIMIT = 107;
/** The longest socket that dockerd opens below its folder. */
const LONGEST_SOCKET = 'exec/containerd/containerd-debug.sock.ttrpc';
/** Not the caller's PATH: the same engine must be described alike whoever asks. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Debian's library folders by Node's name of the architecture. */
const TRIPLETS: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

export const privateEngine = (context: InstallContext, programs: EnginePrograms): PrivateEngine => {
  const folder = runtimeFolder(join(context.paths.run, 'docker'), context.variables);
  const dataRoot = join(context.paths.data, 'docker');
  const socketPath = join(folder, 'docker.sock');
  return {
    kind: 'private',
    ownsEngine: true,
    socketPath,
    dataRoot,
    command: [
      programs.dockerd,
      ...[
        '--data-root',
        dataRoot,
        '--exec-root',
        join(folder, 'exec'),
        '--pidfile',
        join(folder, 'docker.pid'),
      ],
      ...['--host', `unix://${socketPath}`],
      // Containers of ours have no network, so the engine need not touch the machine's.
      ...['--iptables=false', '--ip6tables=false', '--bridge=none'],
    ],
    variables: programVariables(programs.root),
  };
};

/**
 * `preferred`, unless sockets below it would be too long (a clone deep in some folder): then a short one
 * that belongs to this clone alone. Whoever makes it sets mode 0700, since /tmp is everybody's.
 */
export const runtimeFolder = (preferred: string, variables: NodeJS.ProcessEnv): string => {
  if (Buffer.byteLength(join(preferred, LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT) return preferred;
  const name = `ucoder-${createHash('sha256').update(preferred).digest('hex').slice(0, 12)}`;
  const runtime = variables.XDG_RUNTIME_DIR ? join(variables.XDG_RUNTIME_DIR, name) : undefined;
  const fits = runtime !== undefined && Buffer.byteLength(join(runtime, LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT;
  return fits ? runtime : join(tmpdir(), name);
};

const programVariables = (root: string | undefined): Record<string, string> => {
  if (root === undefined) return {};
  const triplet = TRIPLETS[process.arch] ?? '';
  const libraries = ['usr/lib', 'lib'].map((folder) => join(root, folder, triplet));
  const programs = ['usr/sbin', 'usr/bin', 'sbin'].map((folder) => join(root, folder));
  return { PATH: [...programs, SYSTEM_PATH].join(':'), LD_LIBRARY_PATH: libraries.join(':') };
};
