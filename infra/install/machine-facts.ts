/** What is known about the machine. Only looks, changes nothing, and decides nothing: machine-check.ts does. */
import { access, constants, readFile, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import { execa } from 'execa';
import type { Environment } from '../environment.ts';
import { dockerEngine, socketCandidates } from './docker-engine.ts';
import { findExecutable } from './find-executable.ts';
import { type InstallContext, searchPathOf } from './install-context.ts';
import type { PartName } from './part.ts';
import { isPortFree, portHolder } from './port-holder.ts';
import { findInterpreters, type PythonInterpreter } from './python-interpreter.ts';

const PROGRAMS = ['npm', 'git', 'go', 'uv', 'tar', 'gzip', 'flock', 'apt-get', 'dpkg-deb'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export type PortFact = Readonly<{
  port: number;
  service: string;
  variable: string;
  holder: string | undefined;
}>;
export type SpaceFact = Readonly<{ path: string; freeBytes: number; device: string }>;

export type MachineFacts = Readonly<{
  platform: string;
  architecture: string;
  /** Version of the GNU C library, absent on musl and outside Linux. */
  glibc: string | undefined;
  processorFlags: ReadonlySet<string>;
  nodeVersion: string;
  programs: Readonly<Partial<Record<ProgramName, string>>>;
  /** Unknown where no server has to be built. */
  goVersion: string | undefined;
  /** Empty where the Python environment is there. */
  pythons: readonly PythonInterpreter[];
  hasNumaLibrary: boolean;
  isRoot: boolean;
  docker: 'found' | 'refused' | 'absent';
  dockerSockets: readonly string[];
  cache: SpaceFact;
  state: SpaceFact;
  memoryBytes: number;
  /** Ports that are held by a process that is not ours. */
  takenPorts: readonly PortFact[];
  installed: ReadonlySet<PartName>;
  /** Whether official downloads are reached; only asked where something has to be downloaded. */
  downloadsReached: boolean;
}>;

const DOWNLOADS = 'https://github.com';
const REACH_TIMEOUT_MS = 4_000;
const NUMA_FOLDERS = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib'];
const TRIPLETS = ['', '/x86_64-linux-gnu', '/aarch64-linux-gnu'];

/** `ownPorts` are held by services of this clone that run already. */
export const gatherFacts = async (
  context: InstallContext,
  installed: ReadonlySet<PartName>,
  ownPorts: ReadonlySet<number>,
): Promise<MachineFacts> => {
  const search = searchPathOf(context);
  const hasServers = installed.has('temporal') && installed.has('s3');
  const [programs, pythons, cache, state, takenPorts, docker, downloadsReached, cpu, numa] =
    await Promise.all([
      findPrograms(search),
      // Looking at versions takes a second: left out where nothing will be installed with them.
      installed.has('python') ? [] : findInterpreters(search),
      freeSpace(context.paths.cache),
      freeSpace(context.paths.state),
      findTakenPorts(context.environment, ownPorts),
      dockerState(context),
      hasServers ? true : downloadsAreReached(),
      readFile('/proc/cpuinfo', 'utf8').catch(() => ''),
      hasNumaLibrary(),
    ]);
  return {
    platform: process.platform,
    architecture: process.arch,
    glibc: glibcVersion(),
    processorFlags: new Set(/^flags\s*:(.*)$/m.exec(cpu)?.[1]?.trim().split(/\s+/) ?? []),
    nodeVersion: process.versions.node,
    programs,
    goVersion: hasServers ? undefined : await goVersion(programs.go),
    pythons,
    hasNumaLibrary: numa,
    isRoot: process.getuid?.() === 0,
    docker,
    dockerSockets: socketCandidates(context.variables),
    cache,
    state,
    memoryBytes: Math.min(totalmem(), await memoryLimit()),
    takenPorts,
    installed,
    downloadsReached,
  };
};

const findPrograms = async (search: string): Promise<Partial<Record<ProgramName, string>>> => {
  const found = await Promise.all(
    PROGRAMS.map(async (name) => [name, await findExecutable(name, search)] as const),
  );
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
};

const goVersion = async (go: string | undefined): Promise<string | undefined> => {
  if (go === undefined) return undefined;
  const { stdout } = await execa(go, ['env', 'GOVERSION'], { reject: false, timeout: 10_000 });
  return /^go(\d+\.\d+)/.exec(String(stdout))?.[1];
};

/** Node's own report names the C library it runs on. */
const glibcVersion = (): string | undefined => {
  const report: unknown = process.report?.getReport();
  if (typeof report !== 'object' || report === null || !('header' in report)) return undefined;
  const { header } = report;
  if (typeof header !== 'object' || header === null || !('glibcVersionRuntime' in header)) return undefined;
  return String(header.glibcVersionRuntime);
};

const hasNumaLibrary = async (): Promise<boolean> => {
  const files = NUMA_FOLDERS.flatMap((folder) =>
    TRIPLETS.map((triplet) => `${folder}${triplet}/libnuma.so.1`),
  );
  const found = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
};

/** The free space of the file system that holds `path`, which need not exist yet. */
const freeSpace = async (path: string): Promise<SpaceFact> => {
  let folder = path;
  for (;;) {
    const space = await statfs(folder).catch(() => undefined);
    if (space !== undefined) {
      const device = `${space.type}:${space.blocks}:${space.bfree}`;
      return { path, freeBytes: space.bavail * space.bsize, device };
    }
    if (dirname(folder) === folder) return { path, freeBytes: Number.POSITIVE_INFINITY, device: '' };
    folder = dirname(folder);
  }
};

const findTakenPorts = async (environment: Environment, own: ReadonlySet<number>): Promise<PortFact[]> => {
  const wanted = neededPorts(environment).filter(({ port }) => !own.has(port));
  const facts = await Promise.all(
    wanted.map(async (need) =>
      (await isPortFree(need.port)) ? undefined : { ...need, holder: await portHolder(need.port) },
    ),
  );
  return facts.filter((fact) => fact !== undefined);
};

/** A service that the user's own replaces needs no port here. */
export const neededPorts = (environment: Environment): Omit<PortFact, 'holder'>[] => {
  const { externalTemporal, externalS3, modelUrl, temporalPort, s3Port, modelPort } = environment;
  const temporal = { variable: 'UCODER_TEMPORAL_PORT' };
  return [
    ...(externalTemporal ? [] : [{ ...temporal, port: temporalPort, service: 'Temporal' }]),
    ...(externalTemporal ? [] : [{ ...temporal, port: temporalPort + 1000, service: "Temporal's UI" }]),
    ...(externalS3 ? [] : [{ variable: 'UCODER_S3_PORT', port: s3Port, service: 'the S3 server' }]),
    ...(modelUrl !== undefined
      ? []
      : [{ variable: 'UCODER_MODEL_PORT', port: modelPort, service: 'the model server' }]),
  ];
};

const dockerState = async (context: InstallContext): Promise<MachineFacts['docker']> => {
  if ((await dockerEngine(context).isInstalled()) !== undefined) return 'found';
  for (const socket of socketCandidates(context.variables)) {
    const refused = await access(socket, constants.R_OK | constants.W_OK).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'EACCES',
    );
    if (refused) return 'refused';
  }
  return 'absent';
};

const downloadsAreReached = async (): Promise<boolean> => {
  try {
    await fetch(DOWNLOADS, { method: 'HEAD', signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
};

/** A container's memory limit (cgroup version 2, then 1); infinite where there is none. */
const memoryLimit = async (): Promise<number> => {
  for (const file of ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']) {
    const limit = Number(await readFile(file, 'utf8').catch(() => 'none'));
    if (Number.isFinite(limit) && limit > 0) return limit;
  }
  return Number.POSITIVE_INFINITY;
};
