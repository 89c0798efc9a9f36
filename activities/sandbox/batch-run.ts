/** One batch on the pool: distinct programs are queued, containers take them in turn, suspects come last. */
import type { LimitsConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { CandidateProgress, judgesFor } from '../../core/execution/candidate-progress.ts';
import type { EarlyExit } from '../../core/execution/early-exit.ts';
import type { PreparedTest } from '../../core/execution/prepared-test.ts';
import type { ContainerPool, Wanted } from './container-pool.ts';
import { runRequest, type Source } from './run-request.ts';
import { ContainerLostError, type RunnerContainer } from './runner-container.ts';

/** Candidates for which a lease is kept; then another batch may have the container. */
const LEASE_CANDIDATES = 32;
/** Runs that a runner has at hand at most: it answers several in one piece, and works on while more are sent. */
export const IN_FLIGHT = 8;
/** Programs that must wait for a container to be given another one ahead: the last ones are for whoever is free. */
const WAITING_FOR_EACH = 4;
/** Containers that may die with the same candidate at work before the batch is given up. */
const MAX_LOSSES = 4;

export type Program = Source & {
  /** Orders of tests in which the program is run: one, or two where it is repeated. */
  readonly orders: readonly (readonly number[])[];
};

/** What became of a program: one progress for each order. */
export type ProgramResult = readonly CandidateProgress[];

type Task = {
  readonly program: Program;
  readonly finished: CandidateProgress[];
  current: CandidateProgress;
  losses: number;
  readonly done: (result: ProgramResult) => void;
};

export class BatchRun {
  readonly #pool: ContainerPool;
  readonly #wanted: Wanted;
  readonly #key: string;
  readonly #tests: readonly PreparedTest[];
  readonly #limits: LimitsConfig;
  readonly #judges: ReturnType<typeof judgesFor>;
  readonly #signal: AbortSignal;
  readonly #queue: Task[] = [];
  readonly #suspects: Task[] = [];
  readonly #leased = new Set<RunnerContainer>();
  readonly #earlyExit: EarlyExit | undefined;
  #open = 0;
  #failure: unknown;

  constructor(
    pool: ContainerPool,
    wanted: Wanted,
    key: string,
    tests: readonly PreparedTest[],
    limits: LimitsConfig,
    signal: AbortSignal,
    earlyExit: EarlyExit | undefined,
  ) {
    this.#earlyExit = earlyExit;
    this.#pool = pool;
    this.#wanted = wanted;
    this.#key = key;
    this.#tests = tests;
    this.#limits = limits;
    this.#judges = judgesFor(tests);
    this.#signal = signal;
  }

  /** Runs all programs; `onDone` is called as each is finished. */
  async run(
    programs: readonly Program[],
    onDone: (index: number, result: ProgramResult) => void,
  ): Promise<void> {
    programs.forEach((program, index) => {
      const current = this.#progress(program.orders[0]);
      this.#queue.push({
        program,
        finished: [],
        current,
        losses: 0,
        done: (result) => onDone(index, result),
      });
    });
    this.#open = this.#queue.length;
    const abort = () => {
      for (const container of this.#leased) void container.remove();
    };
    this.#signal.addEventListener('abort', abort, { once: true });
    try {
      const workers = Math.min(this.#pool.size, Math.max(1, Math.ceil(this.#open / 4)));
      await Promise.all(Array.from({ length: workers }, () => this.#work()));
    } finally {
      this.#signal.removeEventListener('abort', abort);
    }
    this.#signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #progress(order: readonly number[] | undefined): CandidateProgress {
    return new CandidateProgress(this.#tests, this.#judges, this.#limits, order, this.#earlyExit);
  }

  get #goesOn(): boolean {
    return this.#failure === undefined && !this.#signal.aborted;
  }

  /** One of the pool’s containers after the other, until nothing is left. */
  async #work(): Promise<void> {
    while (this.#goesOn && (this.#queue.length > 0 || this.#suspects.length > 0)) {
      let container: RunnerContainer;
      try {
        container = await this.#pool.lease(this.#wanted);
      } catch (thrown) {
        this.#failure ??= thrown;
        return;
      }
      this.#leased.add(container);
      try {
        await container.useCalls(this.#key, this.#tests);
        await this.#useLease(container);
      } catch (thrown) {
        if (!(thrown instanceof ContainerLostError)) this.#failure ??= thrown;
      } finally {
        this.#leased.delete(container);
        this.#pool.giveBack(container);
      }
    }
  }

  async #useLease(container: RunnerContainer): Promise<void> {
    let left = LEASE_CANDIDATES;
    const usable = () => this.#goesOn && !container.isLost && container.suspicion === undefined && left > 0;
    const lane = async (ahead: number) => {
      // One run is at work and one in the pipe, whatever else waits.
      const isNeeded = () => ahead < 2 || this.#queue.length >= ahead * WAITING_FOR_EACH;
      while (usable() && isNeeded()) {
        const task = this.#queue.shift();
        if (!task) break;
        left -= 1;
        await this.#advance(container, task);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, ahead) => lane(ahead)));
    // Suspects have the container to themselves, and come when nothing else waits.
    while (usable() && this.#queue.length === 0) {
      const task = this.#suspects.shift();
      if (!task) break;
      left -= 1;
      task.current.runAlone();
      await this.#advance(container, task);
    }
  }

  /** Takes one candidate as far as this container can. */
  async #advance(container: RunnerContainer, task: Task): Promise<void> {
    for (let run = task.current.next(); run; run = task.current.next()) {
      const progress = task.current;
      const step = run;
      let broken = false;
      const request = runRequest(run, this.#tests, task.program, this.#limits, (result) => {
        if (!progress.take(step, result)) broken = true;
      });
      try {
        const end = await container.run(request);
        if (end.reason === 'skipped') {
          container.suspicion ??= 'its runner takes no more candidates';
          this.#queue.unshift(task);
          return;
        }
        progress.end(run, broken ? { ...end, reason: 'breach' } : end);
        if (broken) container.suspicion ??= 'the runner reported a result that nobody asked for';
      } catch (thrown) {
        this.#returnAfterLoss(task, thrown);
        return;
      }
      if (progress.isSuspect) {
        this.#suspects.push(task);
        return;
      }
      if (container.suspicion !== undefined || !this.#goesOn) {
        if (progress.next()) this.#queue.unshift(task);
        else this.#finishOrder(task);
        return;
      }
    }
    this.#finishOrder(task);
  }

  #finishOrder(task: Task): void {
    task.finished.push(task.current);
    const order = task.program.orders[task.finished.length];
    if (order === undefined) {
      this.#open -= 1;
      task.done(task.finished);
      return;
    }
    // Only what really ran is run again: the rest was decided without running.
    const ran = task.finished[0]?.ran;
    const again = order.filter((index) => ran?.has(index));
    task.current = this.#progress(again);
    this.#queue.unshift(task);
  }

  /** The container’s death is ours, not the candidate’s: it is run again elsewhere, from its first open test. */
  #returnAfterLoss(task: Task, thrown: unknown): void {
    task.losses += 1;
    if (!(thrown instanceof ContainerLostError)) this.#failure ??= thrown;
    else if (task.losses >= MAX_LOSSES) {
      this.#failure ??= new UcoderError(
        'sandbox-failed',
        `${task.losses} containers died with the same candidate at work; the last one: ${thrown.message}`,
        { cause: thrown },
      );
    } else this.#queue.unshift(task);
  }
}
