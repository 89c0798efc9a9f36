/**
 * The job as a process of its own session beside the worker: it outlives the worker, and a restarted worker
 * finds it by process.json. The trainer holds a lock on its folder, so of two starts one works and one leaves.
 */
import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { isAlive, type ProcessIdentity, processesMarked } from '../../infra/stack/process-identity.ts';
import { stopGroup } from '../../infra/stack/stop-group.ts';
import { whileHeartbeating } from '../context.ts';
import { type JobFolder, logTail, readOutcome, readProcess } from './job-folder.ts';
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
/** In the trainer's environment: its folder, by which it is found before it has taken it. */
const JOB_MARK = 'TRAINING_JOB_FOLDER';
const POLL_MS = 100;
const GRACE_MS = 60_000;
/** Nothing that opens a door; and no mark of the worker's supervisor, which ends what bears it. */
const KEPT_BACK = /SECRET|TOKEN|PASSWORD|CREDENTIAL|API_KEY|ACCESS_KEY|^AWS_|^UCODER_|^TEMPORAL_/i;

export const createProcessBackend = (options: ProcessBackendOptions): TrainingBackend => ({
  isRunning: async (folder) => (await findProcess(folder)) !== undefined,

  async start({ folder }) {
    if (await findProcess(folder)) return;
    const log = await open(folder.log, 'a');
    try {
      const child = spawn(options.python, ['-m', 'ucoder_trainer', folder.path], {
        cwd: folder.path,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        env: { ...trainerVariables(options), [JOB_MARK]: folder.path },
      });
      const ended = new Promise<number | string | null>((resolve) => {
        child.once('error', (error) => resolve(messageOf(error)));
        child.once('exit', (code, signal) => resolve(code ?? signal));
      });
      child.unref();
      await untilTaken(folder, ended);
    } finally {
      await log.close();
    }
  },

  stop: (folder) => stopJob(folder, options.graceMs ?? GRACE_MS),
});

/**
 * The job leads its own process group: what it started ends with it. One whose worker died while it started it may
 * not have taken its folder yet, and is found by its mark.
 */
const stopJob = async (folder: JobFolder, graceMs: number): Promise<void> => {
  const stop = { signal: 'SIGTERM', graceMs } as const;
  const leader = await findProcess(folder);
  if (leader) await whileHeartbeating(stopGroup(leader, stop));
  const others = await processesMarked(JOB_MARK, folder.path);
  await whileHeartbeating(Promise.all(others.map((other) => stopGroup(other, stop))));
};

/** The job's living process: same id, same start, same boot. */
const findProcess = async (folder: JobFolder): Promise<ProcessIdentity | undefined> => {
  const job = await readProcess(folder);
  if (!job || job.startTime === null) return undefined;
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const identity = { pid: job.pid, startTime: job.startTime };
  return bootId.trim() === job.bootId && (await isAlive(identity)) ? identity : undefined;
};

/** The child has taken the folder, or somebody else has, or it ended before: then its outcome or its log says why. */
const untilTaken = async (folder: JobFolder, ended: Promise<number | string | null>): Promise<void> => {
  const running = Symbol('running');
  for (;;) {
    const exit = await Promise.race([ended, delay(POLL_MS, running)]);
    if (await findProcess(folder)) return;
    if (exit === running) continue;
    if (exit === ALREADY_RUNNING || (await readOutcome(folder))) return;
    throw new UcoderError(
      'training-failed',
      `The trainer did not start (${String(exit)}). Log: ${folder.log}. Its end: ${(await logTail(folder)) || 'empty'}`,
    );
  }
};

const trainerVariables = ({ variables, packageFolder }: ProcessBackendOptions): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(variables).filter(([name]) => !KEPT_BACK.test(name))),
  PYTHONPATH: packageFolder,
  PYTHONUNBUFFERED: '1',
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_DATASETS_OFFLINE: '1',
  TOKENIZERS_PARALLELISM: 'false',
});
