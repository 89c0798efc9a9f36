/** Keeps one service running: starts or adopts its process, watches its health, starts it again when it dies. */
import { messageOf, UcoderError } from '../../core/errors.ts';
import { isPortFree, portHolder } from '../install/port-holder.ts';
import { backOffMs, STABLE_AFTER_MS } from './back-off.ts';
import { ANSWER_TIMEOUT_MS, checkHealth } from './check-health.ts';
import { lastLines } from './log-file.ts';
import { isAlive } from './process-identity.ts';
import { removeRunRecord } from './run-record.ts';
import type { Service, ServiceState, ServiceStatus } from './service.ts';
import {
  findProcess,
  fingerprintOf,
  logFileOf,
  type ProcessContext,
  type ServiceProcess,
  startProcess,
} from './service-process.ts';
import { killGroup, stopGroup } from './stop-group.ts';
import { waitUntil } from './wait-until.ts';

const TICK_MS = 100;
/** An adopted process is no child: that it ended shows only by looking. */
const LOOK_EVERY_MS = 500;
/** A service that is healthy is asked this often. */
const CHECK_EVERY_MS = 3_000;

export type SupervisedServiceOptions = Readonly<{
  context: ProcessContext;
  /** Read anew for each start, since a service's command may depend on files (the model to serve). */
  define: () => Promise<Service>;
  /** True once everything this service needs is healthy. */
  mayStart: () => boolean;
  say: (line: string) => void;
}>;

export class SupervisedService {
  private readonly options: SupervisedServiceOptions;
  private definition: Service;
  private state: ServiceState = 'stopped';
  private process: ServiceProcess | undefined;
  private starts = 0;
  private failures = 0;
  private problem: ServiceStatus['problem'] = null;
  private running: { abort: AbortController; ended: Promise<void> } | undefined;

  constructor(definition: Service, options: SupervisedServiceOptions) {
    this.definition = definition;
    this.options = options;
  }

  get name(): string {
    return this.definition.name;
  }

  get dependsOn(): readonly string[] {
    return this.definition.dependsOn;
  }

  get healthy(): boolean {
    return this.state === 'healthy';
  }

  status(): ServiceStatus {
    const { name, role, address } = this.definition;
    return {
      ...{ name, role, pid: this.process?.pid ?? null, address, healthy: this.healthy },
      ...{ state: this.state, starts: this.starts, failures: this.failures, problem: this.problem },
      log: logFileOf(this.options.context, name),
    };
  }

  /** Returns at once; does nothing where it runs already. */
  start(): void {
    if (this.running) return;
    const abort = new AbortController();
    this.failures = 0;
    this.problem = null;
    this.running = { abort, ended: this.keepRunning(abort.signal) };
  }

  /**
   * Ends a pause between starts, so that `up` does not wait for it, and a start that is on its way: it may have looked
   * at what was wrong then (a port that is free by now), and its failure would be taken for the answer to `up`.
   */
  async tryAgain(): Promise<void> {
    if (this.process === undefined) await this.leave();
  }

  /** Resolves when nothing of the process group is left. */
  async stop(): Promise<void> {
    await this.leave();
    this.state = 'stopping';
    this.process ??= await findProcess(this.options.context, this.name);
    if (this.process) {
      this.options.say(`stops ${this.name} (process ${this.process.pid})`);
      await stopGroup(this.process, this.definition.stop);
    }
    await removeRunRecord(this.options.context.paths.run, this.name);
    this.process = undefined;
    this.problem = null;
    this.state = 'stopped';
  }

  /** Stops watching; the process goes on. */
  async leave(): Promise<void> {
    this.running?.abort.abort();
    await this.running?.ended;
    this.running = undefined;
  }

  /** True if the process was started from another definition than the one that holds now. */
  async isOutdated(): Promise<boolean> {
    const process = this.process ?? (await findProcess(this.options.context, this.name));
    return process !== undefined && process.record.fingerprint !== fingerprintOf(await this.options.define());
  }

  private async keepRunning(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.process = await findProcess(this.options.context, this.name);
        if (this.process) this.options.say(`adopts ${this.name} (process ${this.process.pid})`);
        else await this.launch(signal);
        if (this.process) await this.watch(this.process, signal);
      } catch (thrown) {
        this.fail(
          thrown instanceof UcoderError && thrown.code === 'port-in-use' ? thrown.code : 'service-unhealthy',
          messageOf(thrown),
        );
      }
      if (signal.aborted) return;
      this.process = undefined;
      this.state = 'backing-off';
      await waitUntil(() => false, backOffMs(this.failures), { signal, everyMs: TICK_MS });
    }
  }

  private async launch(signal: AbortSignal): Promise<void> {
    this.state = 'waiting';
    await waitUntil(this.options.mayStart, Number.POSITIVE_INFINITY, { signal, everyMs: TICK_MS });
    if (signal.aborted) return;
    this.state = 'starting';
    this.definition = await this.options.define();
    await this.claimPorts();
    this.process = await startProcess(this.options.context, this.definition);
    this.starts += 1;
    this.options.say(`started ${this.name} (process ${this.process.pid})`);
  }

  private async claimPorts(): Promise<void> {
    for (const { port, variable } of this.definition.ports) {
      if (await isPortFree(port)) continue;
      const holder = (await portHolder(port)) ?? 'another program';
      throw new UcoderError(
        'port-in-use',
        `Port ${port}, which ${this.name} needs, is held by ${holder}. Stop it, or set ${variable} to a free port.`,
      );
    }
  }

  /** Returns when the process is gone (a failure, noted) or on abort (the process goes on). */
  private async watch(process: ServiceProcess, signal: AbortSignal): Promise<void> {
    const log = { file: logFileOf(this.options.context, this.name), offset: process.record.logOffset };
    const { health, readyTimeoutMs, unhealthyTimeoutMs } = this.definition;
    const answerTimeoutMs = Math.min(ANSWER_TIMEOUT_MS, unhealthyTimeoutMs);
    this.state = 'starting';
    let silentSince = performance.now();
    let soundSince: number | undefined;
    let nextCheck = 0;
    while (!signal.aborted) {
      if (!(await isAlive(process))) return this.buried(process, process.ending() ?? 'ended');
      const now = performance.now();
      if (now >= nextCheck) {
        // One that says once that it is ready cannot be asked again: from then on it is healthy while it lives.
        const answered =
          (health.kind === 'log' && soundSince !== undefined) ||
          (await checkHealth(health, log, answerTimeoutMs));
        if (signal.aborted) return;
        if (answered) {
          soundSince ??= now;
          silentSince = performance.now();
          this.state = 'healthy';
          this.problem = null;
          if (now - soundSince > STABLE_AFTER_MS) this.failures = 0;
        } else if (soundSince !== undefined) this.state = 'unhealthy';
        nextCheck = answered ? now + CHECK_EVERY_MS : 0;
        const patience = soundSince === undefined ? readyTimeoutMs : unhealthyTimeoutMs;
        if (!answered && performance.now() - silentSince > patience) {
          await stopGroup(process, this.definition.stop);
          const seconds = Math.round(patience / 1000);
          return this.buried(
            process,
            soundSince ? `answered no health check for ${seconds} s` : `was not ready after ${seconds} s`,
          );
        }
      }
      const pauseMs = this.state === 'healthy' ? LOOK_EVERY_MS : TICK_MS;
      await waitUntil(() => process.ending() !== undefined, pauseMs, { everyMs: TICK_MS, signal });
    }
  }

  private async buried(process: ServiceProcess, how: string): Promise<void> {
    await killGroup(process);
    const file = logFileOf(this.options.context, this.name);
    const tail = (await lastLines(file, process.record.logOffset)).map((line) => `\n  ${line}`).join('');
    this.fail(
      'service-unhealthy',
      `${this.name} ${how}.${tail ? ` Its last lines:${tail}` : ''}\nWhole log: ${file}`,
    );
  }

  private fail(code: 'port-in-use' | 'service-unhealthy', message: string): void {
    this.failures += 1;
    this.problem = { code, message };
    this.options.say(message);
  }
}
