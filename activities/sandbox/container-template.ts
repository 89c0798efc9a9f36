/** The one place that says what a sandbox container may do. A test reads it back through `inspect`. */
import type { ContainerCreateOptions } from 'dockerode';
import { seccompProfile } from '../../infra/sandbox/seccomp-profile.ts';

const MIB = 1024 * 1024;

/** All containers of this project, so that leftovers of a dead worker are found. */
export const OWNER_LABEL = 'ucoder.sandbox';
/** Process id and host of the worker that holds the container’s standard input. */
export const HOLDER_LABEL = 'ucoder.holder';
export const UIDS_LABEL = 'ucoder.uids';

/** Candidates get their uids from here up to 2^31, far from those of people and services, and signed nowhere. */
const FIRST_UID = 2 ** 27;
const UIDS_PER_CONTAINER = 1024;
/**
 * Each container draws a range at random. Within an engine no two have the same, since the engine tells which are
 * taken. Another engine on the same host cannot be asked, and neither a hash of the engine nor the container's
 * process id would do better (a shared hash stays shared; engines in containers number their processes alike). So
 * there it is a matter of odds: 1 in 122,000 that a new container shares a range with one of 16 of another engine.
 */
export const UID_RANGES = (2 ** 31 - FIRST_UID) / UIDS_PER_CONTAINER;

export type ContainerTemplate = {
  readonly image: string;
  /** Memory of one candidate, MiB. */
  readonly memoryMb: number;
  /** Which of the uid ranges is this container’s. */
  readonly uidRange: number;
  readonly holder: string;
  readonly cpus: number;
  readonly runtime: string | undefined;
  /** Only for tests that show what a defence does by leaving it out. */
  readonly weaken?: Weaken | undefined;
};
export type Weaken = (options: ContainerCreateOptions) => ContainerCreateOptions;

export const uidsOf = (uidRange: number): readonly [number, number] => [
  FIRST_UID + uidRange * UIDS_PER_CONTAINER,
  UIDS_PER_CONTAINER,
];

/** A candidate, the test beside it, the runner and its files fit in, so that no candidate can starve the runner. */
const containerMemoryMb = (memoryMb: number): number => 256 + 2 * memoryMb;

export const containerOptions = (template: ContainerTemplate): ContainerCreateOptions => {
  const options = hardenedOptions(template);
  return template.weaken?.(options) ?? options;
};

const hardenedOptions = (template: ContainerTemplate): ContainerCreateOptions => ({
  Image: template.image,
  OpenStdin: true,
  // The container ends when the worker that feeds it dies: no orphans.
  StdinOnce: true,
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
  Tty: false,
  NetworkDisabled: true,
  Hostname: 'sandbox',
  Labels: {
    [OWNER_LABEL]: 'true',
    [HOLDER_LABEL]: template.holder,
    [UIDS_LABEL]: String(template.uidRange),
  },
  HostConfig: {
    AutoRemove: true,
    NetworkMode: 'none',
    IpcMode: 'none',
    ReadonlyRootfs: true,
    Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=16m,nr_inodes=1024,mode=1777' },
    CapDrop: ['ALL'],
    // To change to a candidate’s uid, and to end what runs under it.
    CapAdd: ['SETUID', 'SETGID', 'KILL'],
    SecurityOpt: ['no-new-privileges:true', `seccomp=${JSON.stringify(seccompProfile)}`],
    Memory: containerMemoryMb(template.memoryMb) * MIB,
    // Equal to Memory: no swap.
    MemorySwap: containerMemoryMb(template.memoryMb) * MIB,
    PidsLimit: 128,
    NanoCpus: template.cpus * 1e9,
    Ulimits: [
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'nofile', Soft: 1024, Hard: 1024 },
    ],
    // Answers would otherwise be written to the host’s disk as logs.
    LogConfig: { Type: 'none', Config: {} },
    ...(template.runtime === undefined ? {} : { Runtime: template.runtime }),
  },
});
