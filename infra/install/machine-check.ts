/**
 * Decides from the machine's facts what is missing, all at once, so that nobody installs one thing after
 * the other. What the user's own services replace, and what is installed already, asks for nothing.
 */
import type { Environment } from '../environment.ts';
import type { MachineFacts, ProgramName } from './machine-facts.ts';
import type { PartName } from './part.ts';
import { isAcceptable, PYTHON_VERSIONS } from './python-interpreter.ts';

/** One thing that is missing: what, what was tried, and what to do about it. */
export type Finding = Readonly<{ missing: string; tried: string; todo: string }>;

const GIB = 1024 ** 3;
const MINIMUM_NODE = [20, 11] as const;
/** The Go that can fetch the toolchain which a module asks for. */
const MINIMUM_GO = [1, 21] as const;
/** torch and vLLM are built for manylinux_2_28, llguidance (which vLLM needs) for manylinux_2_31. */
const MINIMUM_GLIBC = [2, 31] as const;
/** The model server holds weights, cache and libraries (4 GiB), the trainer as much; they take turns at their peaks. */
const MINIMUM_MEMORY_BYTES = 7 * GIB;

/** Free space that each part needs while it is installed, measured and rounded up. */
export const PART_BYTES: Readonly<Record<PartName, number>> = {
  temporal: 4 * GIB,
  s3: 1 * GIB,
  python: 7 * GIB,
  model: 1.5 * GIB,
  humaneval: 0,
  docker: 0.5 * GIB,
  'sandbox-image': 0.5 * GIB,
};
/** What a small campaign writes: checkpoints, logs, the database, the sandbox image in a private engine. */
export const STATE_BYTES = 4 * GIB;

/** The parts that this environment needs from us. */
export const neededParts = (environment: Environment): ReadonlySet<PartName> => {
  const parts = new Set<PartName>(['python', 'humaneval', 'docker', 'sandbox-image']);
  if (!environment.externalTemporal) parts.add('temporal');
  if (!environment.externalS3) parts.add('s3');
  if (environment.modelUrl === undefined) parts.add('model');
  return parts;
};

export const findMissing = (facts: MachineFacts, environment: Environment): Finding[] => {
  const needed = neededParts(environment);
  const toInstall = new Set([...needed].filter((part) => !facts.installed.has(part)));
  return [
    ...checkNode(facts),
    ...checkPrograms(facts, toInstall),
    ...checkPython(facts, toInstall),
    ...checkModelServer(facts, environment, toInstall),
    ...checkGo(facts, toInstall),
    ...checkDocker(facts),
    ...checkSpace(facts, toInstall),
    ...checkMemory(facts, environment),
    ...checkPorts(facts),
  ];
};

/** Compares versions by their first two numbers. */
const isAtLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [foundMajor = 0, foundMinor = 0] = version.split('.').map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
};

const checkNode = ({ nodeVersion }: MachineFacts): Finding[] =>
  isAtLeast(nodeVersion, MINIMUM_NODE)
    ? []
    : [
        {
          missing: `Node.js ${MINIMUM_NODE.join('.')} or newer`,
          tried: `this is Node.js ${nodeVersion}`,
          todo: 'Install Node.js 20 or newer.',
        },
      ];

const PACKAGES: Readonly<Partial<Record<ProgramName, string>>> = { flock: 'util-linux' };

const checkPrograms = ({ programs }: MachineFacts, toInstall: ReadonlySet<PartName>): Finding[] => {
  const always: ProgramName[] = ['npm', 'git'];
  const forInstalling: ProgramName[] = toInstall.size > 0 ? ['tar', 'gzip', 'flock'] : [];
  return [...always, ...forInstalling]
    .filter((name) => programs[name] === undefined)
    .map((name) => ({
      missing: name,
      tried: 'looked on PATH',
      todo: `Install the package ${PACKAGES[name] ?? name}.`,
    }));
};

const checkPython = (facts: MachineFacts, toInstall: ReadonlySet<PartName>): Finding[] => {
  if (!toInstall.has('python')) return [];
  const { minimum, below } = PYTHON_VERSIONS;
  const python = facts.pythons.find(({ version }) => isAcceptable(version));
  if (python === undefined) {
    const seen = facts.pythons.map(({ path, version }) => `${path} is ${version.join('.')}`).join(', ');
    return [
      {
        missing: `Python from ${minimum.join('.')} to below ${below.join('.')}`,
        tried: `looked for python3 on PATH: ${seen || 'none'}`,
        todo: 'Install one, for example python3.12, and put it on PATH.',
      },
    ];
  }
  const { programs } = facts;
  const hasApt = programs['apt-get'] !== undefined && programs['dpkg-deb'] !== undefined;
  if (programs.uv !== undefined || python.hasPip || python.hasVenv || hasApt) return [];
  return [
    {
      missing: 'a way to install Python packages',
      tried: `uv on PATH, and the modules pip and venv of ${python.path}`,
      todo: 'Install pip or venv for that Python (python3-pip, python3-venv), or uv.',
    },
  ];
};

const checkModelServer = (
  facts: MachineFacts,
  environment: Environment,
  toInstall: ReadonlySet<PartName>,
): Finding[] => {
  if (!toInstall.has('python')) return [];
  const todo =
    'Set UCODER_MODEL_URL to a model server of yours, or use a Linux machine with x86_64 or aarch64 and glibc.';
  const found: Finding[] = [];
  const { platform, architecture, glibc } = facts;
  const serves = environment.modelUrl === undefined;
  const hasWheel = platform === 'linux' && ['x64', 'arm64'].includes(architecture);
  if (serves && !hasWheel) {
    found.push({
      missing: 'vLLM for this machine',
      tried: `there is no vLLM wheel for ${platform} on ${architecture}`,
      todo,
    });
  }
  if (platform === 'linux' && (glibc === undefined || !isAtLeast(glibc, MINIMUM_GLIBC))) {
    found.push({
      missing: `the GNU C library ${MINIMUM_GLIBC.join('.')} or newer`,
      tried:
        glibc === undefined
          ? 'this system has another C library, for which there are no wheels of vLLM and torch'
          : `this system has ${glibc}`,
      todo: 'Use a Debian-like system; UCODER_MODEL_URL replaces the model server, but the trainer needs torch all the same.',
    });
  }
  if (
    serves &&
    architecture === 'x64' &&
    facts.processorFlags.size > 0 &&
    !facts.processorFlags.has('avx2')
  ) {
    found.push({
      missing: 'a processor with AVX2',
      tried: 'read /proc/cpuinfo: vLLM has no kernels for this one',
      todo,
    });
  }
  if (serves && hasWheel && !facts.hasNumaLibrary && facts.programs['apt-get'] === undefined) {
    found.push({
      missing: 'libnuma.so.1',
      tried: 'looked in the library folders',
      todo: 'Install the package numactl or libnuma1.',
    });
  }
  return found;
};

const checkGo = (facts: MachineFacts, toInstall: ReadonlySet<PartName>): Finding[] => {
  const programs = [
    ...(toInstall.has('temporal') ? ['temporal'] : []),
    ...(toInstall.has('s3') ? ['versitygw'] : []),
  ];
  if (programs.length === 0 || facts.downloadsReached) return [];
  if (facts.goVersion !== undefined && isAtLeast(facts.goVersion, MINIMUM_GO)) return [];
  const go = facts.goVersion === undefined ? 'there is no Go on PATH' : `Go on PATH is ${facts.goVersion}`;
  return [
    {
      missing: `${programs.join(' and ')}, or Go ${MINIMUM_GO.join('.')} or newer to build ${programs.length > 1 ? 'them' : 'it'}`,
      tried: `${programs.join(' and ')} on PATH; the official downloads are not reached; ${go}`,
      todo: 'Install Go, or put these programs on PATH, or set TEMPORAL_ADDRESS and AWS_ENDPOINT_URL_S3 to servers of yours.',
    },
  ];
};

const checkDocker = (facts: MachineFacts): Finding[] => {
  if (facts.docker === 'found') return [];
  const hasApt = facts.programs['apt-get'] !== undefined && facts.programs['dpkg-deb'] !== undefined;
  if (facts.isRoot && hasApt) return [];
  const tried = `DOCKER_HOST is not set; ${facts.dockerSockets.join(', ')}`;
  return [
    facts.docker === 'refused'
      ? {
          missing: 'access to the Docker engine',
          tried: `${tried}: this user may not use the socket`,
          todo: 'sudo usermod -aG docker $USER, then log in again.',
        }
      : {
          missing: 'a Docker engine',
          tried: `${tried}: none answers`,
          todo: 'Start or install Docker (Debian: apt-get install docker.io), set DOCKER_HOST, or run as root on Debian.',
        },
  ];
};

const checkSpace = ({ cache, state }: MachineFacts, toInstall: ReadonlySet<PartName>): Finding[] => {
  const forCache = [...toInstall].reduce((sum, part) => sum + PART_BYTES[part], 0);
  const shared = cache.device === state.device;
  const needs = shared
    ? [{ ...cache, bytes: forCache + STATE_BYTES, variable: 'UCODER_CACHE' }]
    : [
        { ...cache, bytes: forCache, variable: 'UCODER_CACHE' },
        { ...state, bytes: STATE_BYTES, variable: 'UCODER_STATE' },
      ];
  return needs
    .filter(({ freeBytes, bytes }) => freeBytes < bytes)
    .map(({ path, freeBytes, bytes, variable }) => ({
      missing: `${inGib(bytes)} of free disk space`,
      tried: `${path} has ${inGib(freeBytes)} free`,
      todo: `Free some, or set ${variable} to a folder on a larger disk.`,
    }));
};

const checkMemory = ({ memoryBytes }: MachineFacts, environment: Environment): Finding[] =>
  environment.modelUrl !== undefined || memoryBytes >= MINIMUM_MEMORY_BYTES
    ? []
    : [
        {
          missing: `${inGib(MINIMUM_MEMORY_BYTES)} of memory`,
          tried: `this machine has ${inGib(memoryBytes)}`,
          todo: 'Use a larger machine, or set UCODER_MODEL_URL to a model server elsewhere.',
        },
      ];

const checkPorts = ({ takenPorts }: MachineFacts): Finding[] =>
  takenPorts.map(({ port, service, variable, holder }) => ({
    missing: `port ${port} for ${service}`,
    tried: `${holder ?? 'a process of another user'} listens there`,
    todo: `Stop it, or set ${variable} to another port.`,
  }));

const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
