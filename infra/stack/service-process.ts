/** Starts the process of a service, or finds the one that an earlier supervisor started. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UcoderError } from '../../core/errors.ts';
import type { Paths } from '../paths.ts';
import { sizeOf } from './log-file.ts';
import {
  identify,
  isAlive,
  type ProcessIdentity,
  processesMarked,
  startVariable,
} from './process-identity.ts';
import { type RunRecord, readRunRecord, writeRunRecord } from './run-record.ts';
import type { Service } from './service.ts';
import { stopGroup } from './stop-group.ts';

/** Marks every process of a stack, whatever it is a child of: the value is the state folder. */
export const STACK_MARK = 'UCODER_STACK';
const SERVICE_MARK = 'UCODER_SERVICE';

export type ServiceProcess = ProcessIdentity &
  Readonly<{
    record: RunRecord;
    /** How it ended; undefined while it runs, and for an adopted one, which is not our child. */
    ending: () => string | undefined;
  }>;

export type ProcessContext = Readonly<{ paths: Paths; variables: NodeJS.ProcessEnv }>;

export const logFileOf = ({ paths }: ProcessContext, name: string): string => join(paths.logs, `${name}.log`);

/** Equal for equal definitions: a service whose fingerprint differs from its process's is out of date. */
export const fingerprintOf = ({ command, environment, folder, secrets, ports }: Service): string =>
  createHash('sha256')
    .update(JSON.stringify([command, Object.entries(environment).sort(), folder, secrets, ports]))
    .digest('hex')
    .slice(0, 16);

/** The process that runs the service already: id and start time as noted, and started by a supervisor as this service. */
export const findProcess = async (
  context: ProcessContext,
  name: string,
): Promise<ServiceProcess | undefined> => {
  const record = await readRunRecord(context.paths.run, name);
  if (!record || !(await isAlive(record))) return undefined;
  // After a reboot both numbers may be another process's. The marks are in its environment whatever it executes.
  if ((await startVariable(record.pid, SERVICE_MARK)) !== name) return undefined;
  if ((await startVariable(record.pid, STACK_MARK)) !== context.paths.state) return undefined;
  return { pid: record.pid, startTime: record.startTime, record, ending: () => undefined };
};

/** In a session of its own, so that it outlives its supervisor and a stop reaches all its children. */
export const startProcess = async (context: ProcessContext, service: Service): Promise<ServiceProcess> => {
  await stopStrays(context, service);
  for (const folder of service.folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  if (service.pidFile) await removeStalePidFile(service.name, service.pidFile);
  const logFile = logFileOf(context, service.name);
  const logOffset = await sizeOf(logFile);
  const log = await open(logFile, 'a', 0o600);
  try {
    const startedAt = new Date().toISOString();
    await log.write(`--- ${startedAt} ${service.command.join(' ')}\n`);
    const [program, ...args] = service.command;
    const child = spawn(program, args, {
      cwd: service.folder,
      env: await environmentOf(context, service),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    let ending: string | undefined;
    child.once('exit', (code, signal) => {
      ending = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    });
    await once(child, 'spawn').catch((cause: Error) => {
      throw new UcoderError('service-unhealthy', `${service.name} cannot be started: ${cause.message}.`, {
        cause,
      });
    });
    child.unref();
    const pid = child.pid ?? 0;
    // A process that is gone by now has no start time; the watcher sees it dead at its first look.
    const startTime = (await identify(pid))?.startTime ?? 0;
    const record: RunRecord = {
      pid,
      startTime,
      fingerprint: fingerprintOf(service),
      logOffset,
      startedAt,
    };
    await writeRunRecord(context.paths.run, service.name, record);
    return { pid, startTime, record, ending: () => ending };
  } finally {
    await log.close();
  }
};

/** A supervisor that was killed between starting a process and noting it left one that nobody knows. */
const stopStrays = async (context: ProcessContext, service: Service): Promise<void> => {
  // A worker's training job carries the marks as well, and must go on: only the service itself is a stray.
  // The program is left out of the comparison, since a script appears as its interpreter.
  const args = service.command.slice(1).join('\0');
  for (const marked of await processesMarked(STACK_MARK, context.paths.state)) {
    if ((await startVariable(marked.pid, SERVICE_MARK)) !== service.name) continue;
    const command = await readFile(`/proc/${marked.pid}/cmdline`, 'utf8').catch(() => '');
    if (command.replace(/\0$/, '').endsWith(args)) await stopGroup(marked, service.stop);
  }
};

const removeStalePidFile = async (name: string, file: string): Promise<void> => {
  const pid = Number(await readFile(file, 'utf8').catch(() => Number.NaN));
  const holder = Number.isInteger(pid) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
  if (holder.split('\0').includes(file)) {
    throw new UcoderError(
      'service-unhealthy',
      `${name} runs already as process ${pid}, which another program started. It is started when that one has ended.`,
    );
  }
  await rm(file, { force: true });
};

const environmentOf = async (context: ProcessContext, service: Service): Promise<NodeJS.ProcessEnv> => ({
  ...context.variables,
  ...service.environment,
  ...(service.secrets ? parseVariables(await readFile(service.secrets, 'utf8')) : {}),
  [STACK_MARK]: context.paths.state,
  [SERVICE_MARK]: service.name,
});

/** Lines of NAME=value, as docker's --env-file reads them. */
export const parseVariables = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
