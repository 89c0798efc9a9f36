/** Keeps the wanted services running, in the order of what they need, and stops them in reverse. */
import { UcoderError } from '../../core/errors.ts';
import { rotate } from './log-file.ts';
import type { Service, ServiceStatus } from './service.ts';
import { logFileOf, type ProcessContext } from './service-process.ts';
import { SupervisedService } from './supervised-service.ts';

const ROTATE_EVERY_MS = 30_000;

export type SupervisorOptions = Readonly<{
  context: ProcessContext;
  /** The services that shall run now; read anew at each start. */
  readTable: () => Promise<readonly Service[]>;
  say: (line: string) => void;
}>;

export class Supervisor {
  private readonly options: SupervisorOptions;
  private readonly services = new Map<string, SupervisedService>();
  /** Changes to the set of services happen one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private rotation: NodeJS.Timeout | undefined;

  constructor(options: SupervisorOptions) {
    this.options = options;
  }

  statuses(): ServiceStatus[] {
    return [...this.services.values()].map((service) => service.status());
  }

  /** Brings what runs in line with the table: starts, restarts what is out of date, stops what is not in it. */
  apply(): Promise<void> {
    return this.inTurn(async () => {
      const table = await this.options.readTable();
      const wanted = new Set(table.map(({ name }) => name));
      await this.stopServices([...this.services.keys()].filter((name) => !wanted.has(name)));
      for (const definition of table) {
        if (!this.services.has(definition.name)) this.services.set(definition.name, this.create(definition));
      }
      const outdated: string[] = [];
      for (const [name, service] of this.services) if (await service.isOutdated()) outdated.push(name);
      await this.stopServices(outdated, { keep: true });
      await Promise.all([...this.services.values()].map((service) => service.tryAgain()));
      for (const service of this.services.values()) service.start();
      this.rotation ??= setInterval(() => void this.rotateLogs(), ROTATE_EVERY_MS);
    });
  }

  /** Resolves when the old process is gone and a new one is being started. Throws for an unknown name. */
  restart(name: string): Promise<void> {
    return this.inTurn(async () => {
      const service = this.services.get(name) ?? (await this.addFromTable(name));
      await service.stop();
      service.start();
    });
  }

  /** Resolves when no process of the service is left; it is forgotten until it is restarted or applied anew. */
  stop(name: string): Promise<void> {
    return this.inTurn(() => this.stopServices([name]));
  }

  /** Resolves when no process of any service is left. */
  stopAll(): Promise<void> {
    return this.inTurn(async () => {
      clearInterval(this.rotation);
      await this.stopServices([...this.services.keys()]);
    });
  }

  /** Stops supervising; every service goes on, for the next supervisor to adopt. */
  leaveAll(): Promise<void> {
    return this.inTurn(async () => {
      clearInterval(this.rotation);
      await Promise.all([...this.services.values()].map((service) => service.leave()));
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async addFromTable(name: string): Promise<SupervisedService> {
    const definition = (await this.options.readTable()).find((row) => row.name === name);
    if (!definition) {
      const known = [...this.services.keys()].join(', ') || 'none';
      throw new UcoderError('usage', `There is no service ${name}. Services: ${known}.`);
    }
    const service = this.create(definition);
    this.services.set(name, service);
    return service;
  }

  private create(definition: Service): SupervisedService {
    const { name } = definition;
    return new SupervisedService(definition, {
      context: this.options.context,
      say: this.options.say,
      define: async () => {
        const table = await this.options.readTable();
        return table.find((row) => row.name === name) ?? definition;
      },
      mayStart: () => {
        const needs = this.services.get(name)?.dependsOn ?? [];
        return needs.every((need) => this.services.get(need)?.healthy ?? true);
      },
    });
  }

  /** Each service after those that stand on it; unrelated ones at once. */
  private async stopServices(names: readonly string[], { keep = false } = {}): Promise<void> {
    const stopping = new Map<string, Promise<void>>();
    const stop = (name: string): Promise<void> => {
      const known = stopping.get(name);
      if (known) return known;
      const dependents = names.filter((other) => this.services.get(other)?.dependsOn.includes(name));
      const stopped = Promise.all(dependents.map(stop)).then(() => this.services.get(name)?.stop());
      stopping.set(name, stopped);
      return stopped;
    };
    await Promise.all(names.map(stop));
    if (!keep) for (const name of names) this.services.delete(name);
  }

  private async rotateLogs(): Promise<void> {
    for (const name of this.services.keys()) {
      const file = logFileOf(this.options.context, name);
      await rotate(file).catch((thrown: Error) =>
        this.options.say(`cannot rotate ${file}: ${thrown.message}`),
      );
    }
  }
}
