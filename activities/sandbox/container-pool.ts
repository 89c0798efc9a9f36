/** Warm containers, handed out one lease at a time in the order of asking; replaced on any suspicion. */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { hasEnded, thisHolder } from '../holder.ts';
import { HOLDER_LABEL, OWNER_LABEL, UID_RANGES, UIDS_LABEL, type Weaken } from './container-template.ts';
import { RunnerContainer } from './runner-container.ts';

/** An engine that is down is waited for, so that its restart fails no batch. */
const ENGINE_PATIENCE_MS = 60_000;
const ENGINE_TRIES = 60;

export type PoolOptions = {
  readonly docker: Dockerode;
  readonly size: number;
  readonly cpus: number;
  readonly runtime: string | undefined;
  readonly weaken?: Weaken | undefined;
  /** How long an engine that does not answer is waited for. */
  readonly patienceMs?: number;
  /** How long a runner may say nothing beyond the longest run. */
  readonly silenceMs?: number | undefined;
};

/** Which container a lease is for: one of this image, with room for candidates of this memory. */
export type Wanted = { readonly image: string; readonly memoryMb: number };

type Waiter = {
  readonly wanted: Wanted;
  readonly resolve: (c: RunnerContainer) => void;
  readonly reject: (e: unknown) => void;
};

export class ContainerPool {
  readonly #options: PoolOptions;
  readonly #idle: RunnerContainer[] = [];
  readonly #all = new Set<RunnerContainer>();
  readonly #waiters: Waiter[] = [];
  #usedRanges: Set<number> | undefined;
  /** Containers that exist or are being started. */
  #count = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#options.size;
  }

  /** The caller gives the container back. */
  async lease(wanted: Wanted): Promise<RunnerContainer> {
    if (this.#closed) throw new UcoderError('sandbox-failed', 'The sandbox was closed.');
    return new Promise((resolve, reject) => {
      this.#waiters.push({ wanted, resolve, reject });
      this.#serve();
    });
  }

  /** Returns a leased container; one that is lost, suspect or worn out is replaced. */
  giveBack(container: RunnerContainer): void {
    if (this.#closed || container.isLost || container.suspicion !== undefined) {
      this.#discard(container);
      this.#serve();
      if (!this.#closed) this.#startSpare(container.template);
      return;
    }
    if (container.isRetiring && this.#count > this.#options.size) this.#discard(container);
    else {
      this.#idle.push(container);
      if (container.isWorn && !container.isRetiring) void this.#replace(container);
    }
    this.#serve();
  }

  /** Removes every container. Leases that are out are lost. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = new UcoderError('sandbox-failed', 'The sandbox was closed.');
    for (const waiter of this.#waiters.splice(0)) waiter.reject(closed);
    await Promise.all([...this.#all].map((container) => container.remove()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  #serve(): void {
    for (let waiter = this.#waiters[0]; waiter; waiter = this.#waiters[0]) {
      const { image, memoryMb } = waiter.wanted;
      const fit = this.#idle.findIndex(
        ({ isLost, template }) => !isLost && template.image === image && template.memoryMb >= memoryMb,
      );
      const [container] = fit === -1 ? [] : this.#idle.splice(fit, 1);
      if (container) {
        this.#waiters.shift();
        waiter.resolve(container);
        continue;
      }
      // An idle one that is lost, too small or of another language makes room.
      const unfit = this.#count >= this.#options.size ? this.#idle.pop() : undefined;
      if (unfit) this.#discard(unfit);
      if (this.#count >= this.#options.size) return;
      this.#waiters.shift();
      void this.#start(waiter);
    }
  }

  async #start(waiter: Waiter): Promise<void> {
    this.#count += 1;
    try {
      const container = await this.#create(waiter.wanted);
      this.#all.add(container);
      if (this.#closed) {
        await container.remove();
        throw new UcoderError('sandbox-failed', 'The sandbox was closed.');
      }
      waiter.resolve(container);
    } catch (thrown) {
      this.#count -= 1;
      waiter.reject(thrown);
      this.#serve();
    }
  }

  /** Its place is filled before it is asked for. */
  #startSpare({ image, memoryMb }: Wanted): void {
    if (this.#count >= this.#options.size) return;
    void this.#start({
      wanted: { image, memoryMb },
      resolve: (fresh) => this.giveBack(fresh),
      reject: () => undefined,
    });
  }

  /** The worn one works on until its successor is there. */
  async #replace(worn: RunnerContainer): Promise<void> {
    worn.isRetiring = true;
    const ready = (fresh: RunnerContainer) => {
      const place = this.#idle.indexOf(worn);
      if (place !== -1) this.#idle.splice(place, 1);
      if (place !== -1) this.#discard(worn);
      this.giveBack(fresh);
    };
    const postponed = () => {
      worn.isRetiring = false;
    };
    await this.#start({ wanted: worn.template, resolve: ready, reject: postponed });
  }

  #discard(container: RunnerContainer): void {
    this.#all.delete(container);
    this.#count -= 1;
    this.#usedRanges?.delete(container.template.uidRange);
    void container.remove();
  }

  async #create(wanted: Wanted): Promise<RunnerContainer> {
    const patienceMs = this.#options.patienceMs ?? ENGINE_PATIENCE_MS;
    const deadline = performance.now() + patienceMs;
    for (;;) {
      try {
        return await this.#createOnce(wanted);
      } catch (thrown) {
        const isDown = thrown instanceof UcoderError && thrown.code === 'engine-unavailable';
        if (!isDown || this.#closed || performance.now() > deadline) throw thrown;
        await wait(patienceMs / ENGINE_TRIES);
      }
    }
  }

  async #createOnce({ image, memoryMb }: Wanted): Promise<RunnerContainer> {
    const { docker, cpus, runtime, weaken, silenceMs } = this.#options;
    const uidRange = await this.#freeRange(image);
    const holder = await thisHolder();
    try {
      const template = { image, memoryMb, uidRange, holder, cpus, runtime, weaken };
      return await RunnerContainer.start(docker, template, silenceMs);
    } catch (thrown) {
      this.#usedRanges?.delete(uidRange);
      throw engineError(thrown, image);
    }
  }

  /** A range that no other container of this engine has, whoever holds it: the kernel counts a uid’s threads across containers. */
  async #freeRange(image: string): Promise<number> {
    this.#usedRanges ??= new Set(await this.#reapAndListRanges(image));
    for (;;) {
      const range = randomInt(UID_RANGES);
      if (this.#usedRanges.has(range)) continue;
      this.#usedRanges.add(range);
      return range;
    }
  }

  /** Also removes what a dead worker of this host left behind. */
  async #reapAndListRanges(image: string): Promise<number[]> {
    const { docker } = this.#options;
    try {
      const found = await docker.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
      for (const { Id, Labels } of found) {
        if (await hasEnded(Labels[HOLDER_LABEL] ?? '')) {
          await docker
            .getContainer(Id)
            .remove({ force: true })
            .catch(() => undefined);
        }
      }
      return found.map(({ Labels }) => Number(Labels[UIDS_LABEL])).filter(Number.isInteger);
    } catch (thrown) {
      throw engineError(thrown, image);
    }
  }
}

const engineError = (thrown: unknown, image: string): unknown => {
  if (thrown instanceof UcoderError) return thrown;
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined;
  const cause = { cause: thrown };
  if (status === 404) {
    return new UcoderError('sandbox-image-missing', `The Docker engine has no image ${image}.`, cause);
  }
  if (status === undefined && thrown instanceof Error && 'code' in thrown) {
    return new UcoderError(
      'engine-unavailable',
      `The Docker engine does not answer: ${messageOf(thrown)}.`,
      cause,
    );
  }
  return new UcoderError(
    'sandbox-failed',
    `No sandbox container could be started: ${messageOf(thrown)}.`,
    cause,
  );
};
