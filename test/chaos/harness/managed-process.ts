/** A process of the suite that is killed and started again; what it says goes to a log file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { waitUntil } from '../../../infra/stack/wait-until.ts';

export type ProcessSettings = {
  name: string;
  command: readonly [string, ...string[]];
  folder: string;
  environment: NodeJS.ProcessEnv;
  log: string;
  /** It is ready when it has said this. */
  readyLine: string;
};

/** A busy machine is slow, not wrong. */
const READY_TIMEOUT_MS = 240_000;

export class ManagedProcess {
  readonly settings: ProcessSettings;
  #child: ChildProcess | undefined;
  #altered = false;

  constructor(settings: ProcessSettings) {
    this.settings = settings;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.settings.name} was never started.`);
    return pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Whether it was last started otherwise than its settings say. */
  get isAltered(): boolean {
    return this.#altered;
  }

  /** Resolves when it is ready. `otherwise`: settings of this start alone. */
  async start(otherwise: Partial<Pick<ProcessSettings, 'command' | 'environment'>> = {}): Promise<void> {
    if (this.isRunning) return;
    const { command, folder, environment, log, readyLine, name } = { ...this.settings, ...otherwise };
    this.#altered = Object.keys(otherwise).length > 0;
    const said = this.#said().length;
    const file = openSync(log, 'a');
    const [program, ...args] = command;
    this.#child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', file, file] });
    closeSync(file);
    const ready = await waitUntil(
      () => !this.isRunning || this.#said().slice(said).includes(readyLine),
      READY_TIMEOUT_MS,
    );
    if (!ready || !this.isRunning) throw new Error(`${name} did not start:\n${this.#said().slice(said)}`);
  }

  /** Sends the signal and waits for the end; resolves with the exit code, null where a signal ended it. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.isRunning) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = await ended;
    return code;
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  async restart(): Promise<void> {
    await this.end();
    await this.start();
  }

  #said(): string {
    try {
      return readFileSync(this.settings.log, 'utf8');
    } catch {
      return '';
    }
  }
}
