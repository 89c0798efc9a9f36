/** Makes sure that one supervisor of today's sources runs, and waits until it answers. */
import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { UcoderError } from '../../core/errors.ts';
import { inheritedVariables } from '../environment.ts';
import { type Paths, projectRoot } from '../paths.ts';
import { codeVersion } from './code-version.ts';
import { lastLines, rotate, sizeOf } from './log-file.ts';
import { STACK_MARK } from './service-process.ts';
import { applyStack, leaveServices, listServices } from './supervisor-client.ts';
import { findSupervisor } from './supervisor-record.ts';
import { waitUntil } from './wait-until.ts';

const READY_TIMEOUT_MS = 60_000;

export const startSupervisor = async (paths: Paths): Promise<void> => {
  const living = await findSupervisor(paths);
  if (living?.codeVersion === (await codeVersion()) && (await listServices(paths).catch(() => undefined))) {
    return applyStack(paths);
  }
  // One of older sources makes room; the services stay, and the new one adopts them.
  if (living) await leaveServices(paths).catch(() => process.kill(living.pid, 'SIGKILL'));
  await mkdir(paths.logs, { recursive: true });
  await mkdir(paths.run, { recursive: true, mode: 0o700 });
  const file = join(paths.logs, 'supervisor.log');
  await rotate(file);
  const offset = await sizeOf(file);
  const log = await open(file, 'a', 0o600);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(projectRoot, 'infra/stack/supervisor-main.ts')],
    {
      cwd: projectRoot,
      // With the mark, `down` also ends one that is still starting.
      env: { ...inheritedVariables(), UCODER_STATE: paths.state, [STACK_MARK]: paths.state },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  let exitCode: number | null | undefined;
  child.once('exit', (code) => {
    exitCode = code;
  });
  child.unref();
  await log.close();
  const isOurs = async () => (await findSupervisor(paths))?.pid === child.pid;
  const answers = async () => (await listServices(paths).catch(() => undefined)) !== undefined;
  // Either it supervises, or it has ended: with 0, where another `up` was quicker and its supervisor is as good.
  await waitUntil(async () => exitCode !== undefined || (await isOurs()), READY_TIMEOUT_MS);
  const failed = exitCode !== undefined && exitCode !== 0;
  const ready = !failed && (await waitUntil(answers, READY_TIMEOUT_MS));
  // In turn after its own first reading of the table: from here on it lists every service.
  if (ready) return applyStack(paths);
  const tail = (await lastLines(file, offset)).map((line) => `\n  ${line}`).join('');
  throw new UcoderError('service-unhealthy', `The supervisor did not start.${tail}\nWhole log: ${file}`);
};
