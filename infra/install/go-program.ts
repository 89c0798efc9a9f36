/** A program written in Go: the one on PATH, else the project's official download, else built from source. */
import { createHash } from 'node:crypto';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { atomicFolder } from './atomic-folder.ts';
import { findExecutable, isExecutable } from './find-executable.ts';
import { type InstallContext, logFileOf, searchPathOf } from './install-context.ts';
import type { Part } from './part.ts';
import { runLogged } from './run-logged.ts';

export type GoProgram = Readonly<{
  part: 'temporal' | 's3';
  /** The name of the executable, on PATH and in the archive. */
  name: string;
  version: string;
  /** What `go install` builds. */
  module: string;
  linkerFlags: string;
  /** The folder of the official release, which also holds checksums.txt, and the archive's name in it. */
  releaseUrl: string;
  archive: string;
  /** Answers quickly and without side effects; one on PATH is taken only if its answer matches. */
  probe: readonly string[];
  expected: RegExp;
}>;

type Say = (activity: string) => void;

const CONNECT_TIMEOUT_MS = 10_000;
const DOWNLOAD_TIMEOUT_MS = 5 * 60 * 1000;
const BUILD_TIMEOUT_MS = 30 * 60 * 1000;

/** Go's names for this machine, as releases use them. */
export const goPlatform = {
  os: process.platform,
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
};

export const goProgram = (context: InstallContext, program: GoProgram): Part<string> => {
  const folder = join(context.paths.binaries, `${program.name}-${program.version}`);
  const executable = join(folder, program.name);
  return {
    name: program.part,
    async isInstalled() {
      if (await isExecutable(executable)) return executable;
      return await onPath(context, program);
    },
    async install(say) {
      await atomicFolder(folder, async (temporary) => {
        await downloadOrBuild(context, program, temporary, say);
        await check(context, program, join(temporary, program.name));
      });
      return executable;
    },
  };
};

const onPath = async (context: InstallContext, program: GoProgram): Promise<string | undefined> => {
  const file = await findExecutable(program.name, searchPathOf(context));
  if (file === undefined) return undefined;
  const { stdout, failed } = await execa(file, program.probe, { reject: false, timeout: 10_000, all: false });
  return !failed && program.expected.test(stdout) ? file : undefined;
};

const check = async (context: InstallContext, program: GoProgram, file: string): Promise<void> => {
  const answer = await runLogged({
    command: file,
    arguments: program.probe,
    log: logFileOf(context, program.part),
    purpose: `asking ${program.name} for its options`,
    advice: 'Remove it and run the command again.',
    timeoutMs: 60_000,
  });
  if (program.expected.test(answer)) return;
  throw new UcoderError(
    'install-failed',
    `${program.name} ${program.version} does not answer as expected to ${program.probe.join(' ')}.`,
  );
};

const downloadOrBuild = async (
  context: InstallContext,
  program: GoProgram,
  folder: string,
  say: Say,
): Promise<void> => {
  let refusal: string;
  try {
    await download(context, program, folder, say);
    return;
  } catch (error) {
    refusal = messageOf(error);
  }
  const go = await findExecutable('go', searchPathOf(context));
  if (go === undefined) {
    throw new UcoderError(
      'install-failed',
      `Cannot get ${program.name} ${program.version}: the download failed (${refusal}), and there is no Go on PATH to build it. Put ${program.name} on PATH, or install Go 1.21 or newer.`,
    );
  }
  await build(context, program, go, folder, say);
};

const download = async (
  context: InstallContext,
  program: GoProgram,
  folder: string,
  say: Say,
): Promise<void> => {
  say(`downloading ${program.name} ${program.version}`);
  const checksums = (await get(`${program.releaseUrl}/checksums.txt`, CONNECT_TIMEOUT_MS)).toString('utf8');
  const expected = checksumOf(checksums, program.archive);
  const archive = await get(`${program.releaseUrl}/${program.archive}`, DOWNLOAD_TIMEOUT_MS);
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== expected) {
    throw new UcoderError(
      'install-failed',
      `${program.archive} has sha256 ${found}, its checksums.txt says ${expected ?? 'nothing'}`,
    );
  }
  const file = join(folder, program.archive);
  await writeFile(file, archive);
  await runLogged({
    command: 'tar',
    arguments: ['--extract', '--gzip', '--file', file, '--directory', folder],
    log: logFileOf(context, program.part),
    purpose: `unpacking ${program.archive}`,
    advice: 'Check the free space on that disk.',
  });
  await rm(file);
  // Some archives hold their files in one folder of their own name.
  const inner = join(folder, program.archive.replace(/\.tar\.gz$/, ''), program.name);
  if (await isExecutable(inner)) await rename(inner, join(folder, program.name));
  await chmod(join(folder, program.name), 0o755);
};

/** The hash of `name` in the output of sha256sum. */
export const checksumOf = (checksums: string, name: string): string | undefined =>
  checksums
    .split('\n')
    .map((line) => line.trim().split(/\s+\*?/))
    .find(([, file]) => file === name)?.[0];

const get = async (url: string, timeoutMs: number): Promise<Buffer> => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) throw new UcoderError('install-failed', `${answer.status} ${answer.statusText}`);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new UcoderError('install-failed', `${url}: ${messageOf(error)}${cause}`, { cause: error });
  }
};

const build = async (
  context: InstallContext,
  program: GoProgram,
  go: string,
  folder: string,
  say: Say,
): Promise<void> => {
  say(`building ${program.name} ${program.version} from source (some minutes)`);
  // Go's caches take gigabytes for one program: they are kept for a build that was killed, then removed.
  const caches = join(context.paths.cache, 'go', program.name);
  await runLogged({
    command: go,
    // -v names each package as it is compiled: the only sign of progress that Go gives.
    arguments: [
      'install',
      '-v',
      '-trimpath',
      '-ldflags',
      program.linkerFlags,
      `${program.module}@${program.version}`,
    ],
    log: logFileOf(context, program.part),
    purpose: `building ${program.name} ${program.version}`,
    advice: `Check that Go modules are reached (go env GOPROXY), or put ${program.name} on PATH.`,
    variables: {
      GOBIN: folder,
      GOMODCACHE: join(caches, 'modules'),
      GOCACHE: join(caches, 'build'),
      // Modules are else written read-only, and could not be removed.
      GOFLAGS: '-modcacherw',
      // A Go of 1.21 or newer fetches the toolchain that the module asks for, unless told otherwise.
      GOTOOLCHAIN: context.variables.GOTOOLCHAIN ?? 'auto',
      CGO_ENABLED: '0',
    },
    timeoutMs: BUILD_TIMEOUT_MS,
    onLine: (line) => say(`building ${program.name}: ${line}`),
  });
  await rm(caches, { recursive: true, force: true });
};
