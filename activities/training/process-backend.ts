/**
 * The job as a process of its own session beside the worker: it outlives the worker, and a restarted worker
 * finds it by process.json. The trainer holds a lock on its folder, so of two starts one works and one leaves.
 */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { UcoderError } from '../../core/errors.ts';
import { heartbeat } from '../context.ts';
import { type JobFolder, logTail, readOutcome, readProcess } from './job-folder.ts';
import { isAlive } from './process-identity.ts';
import type { TrainingBackend } from './training-backend.ts';

export type ProcessBackendOptions = {
  /** Interpreter with the trainer's requirements. */
  python: string;
  /** Folder of the package ucoder_trainer. */
  packageFolder: string;
  /** Inherited variables; credentials among them are not handed on. */
  variables: NodeJS.ProcessEnv;
  /** Between SIGTERM and SIGKILL: a step and a checkpoint may take this long. */
  graceMs?: number;
};

/** The trainer leaves with this code where another one holds the folder. */
const ALREADY_RUNNING = 75;
const POLL_MS = 100;
const GRACE_MS = 60_000;
const SECRETS = /SECRET|TOKEN|PASSWORD|CREDENTIAL|API_KEY|ACCESS_KEY|^AWS_|^UCODER_|^TEMPORAL_/i;

export const createProcessBackend = (options: ProcessBackendOptions): TrainingBackend => ({
  isRunning,

  async start({ folder }) {
    if (await isRunning(folder)) return;
    const log = await open(folder.log, 'a');
    try {
      const child = spawn(options.python, ['-m', 'ucoder_trainer', folder.path], {
        cwd: folder.path,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        env: trainerVariables(options),
      });
      const ended = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
      });
      child.unref();
      await untilTaken(folder, ended);
    } catch (cause) {
      throw new UcoderError('training-failed', `The trainer could not be started with ${options.python}.`, {
        cause,
      });
    } finally {
      await log.close();
    }
  },

  async stop(folder) {
    const job = await readProcess(folder);
    if (!job || !(await isAlive(job))) return;
    signalGroup(job.pid, 'SIGTERM');
    const deadline = performance.now() + (options.graceMs ?? GRACE_MS);
    while (await isAlive(job)) {
      if (performance.now() > deadline) signalGroup(job.pid, 'SIGKILL');
      heartbeat();
      await delay(POLL_MS);
    }
  },
});

const isRunning = async (folder: JobFolder): Promise<boolean> => {
  const job = await readProcess(folder);
  return job !== undefined && isAlive(job);
};

/** The child has taken the folder, or somebody else has, or it ended before: then its outcome or log tells why. */
const untilTaken = async (folder: JobFolder, ended: Promise<number | null>): Promise<void> => {
  const running = Symbol('running');
  for (;;) {
    const exit = await Promise.race([ended, delay(POLL_MS, running)]);
    if (await isRunning(folder)) return;
    if (exit === running) continue;
    if (exit === ALREADY_RUNNING || (await readOutcome(folder))) return;
    throw new UcoderError(
      'training-failed',
      `The trainer ended at once with exit code ${exit}: ${await logTail(folder)}`,
    );
  }
};

/** The job leads its own process group, so that what it started ends with it. */
const signalGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
};

const trainerVariables = ({ variables, packageFolder }: ProcessBackendOptions): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(variables).filter(([name]) => !SECRETS.test(name))),
  PYTHONPATH: packageFolder,
  PYTHONUNBUFFERED: '1',
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_DATASETS_OFFLINE: '1',
  TOKENIZERS_PARALLELISM: 'false',
});
