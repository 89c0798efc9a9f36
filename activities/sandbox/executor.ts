/** Runs batches of untrusted candidates and returns outcome matrices. What `ucoder execute` and the worker share. */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type Dockerode from 'dockerode';
import { z } from 'zod';
import { messageOf, UcoderError } from '../../core/errors.ts';
import type {
  Batch,
  CandidateResult,
  ExecutionTest,
  FinishedCandidate,
  Matrix,
} from '../../core/execution/batch.ts';
import { CandidateProgress } from '../../core/execution/candidate-progress.ts';
import { type EarlierCandidate, wholeRows } from '../../core/execution/earlier-rows.ts';
import { learnEarlyExit, learningWaves } from '../../core/execution/early-exit.ts';
import { type PreparedBatch, prepareBatch } from '../../core/execution/prepare-batch.ts';
import type { PreparedTestMessage } from '../../core/execution/prepared-test.ts';
import { programText } from '../../core/execution/program-text.ts';
import { candidateResult, inProcessTests, shuffledOrder } from '../../core/execution/results.ts';
import { imageTag } from '../../infra/sandbox/image.ts';
import { type Language, languageNamed, languages } from '../../infra/sandbox/languages.ts';
import { BatchRun, type Program } from './batch-run.ts';
import { ContainerPool, type Wanted } from './container-pool.ts';
import type { Weaken } from './container-template.ts';
import { type Group, mergedGroups, readPrograms } from './read-programs.ts';
import { encodeSource } from './run-request.ts';
import { ContainerLostError, type RunnerContainer } from './runner-container.ts';

export type ExecuteOptions = {
  readonly signal?: AbortSignal;
  /** Called once for each candidate, in the order in which they are finished. */
  readonly onResult?: (result: FinishedCandidate) => void;
  /** Results of an earlier attempt, by id; their candidates are not run again. */
  readonly resume?: readonly FinishedCandidate[];
  /** Told once how many different programs there are to run, and how many candidates take an earlier one’s row. */
  readonly onPrograms?: (programs: number, shared: number) => void;
  /** Below this share of answered tests a candidate may be given up, where `limits.earlyExit` is on. */
  readonly minReliability?: number;
  /**
   * Candidates that ran before on the same tests under the same limits. Equal programs take their whole rows and are
   * not run; `limits.earlyExit` learns from all of them.
   */
  readonly earlier?: readonly EarlierCandidate[];
};

export interface Executor {
  /** Thrown: invalid-input (no such language), engine-unavailable, sandbox-image-missing, sandbox-failed (after retries). */
  execute(batch: Batch, options?: ExecuteOptions): Promise<Matrix>;
  /** Programs that really ran since the executor was made: copies of one text count once. */
  readonly executedPrograms: number;
  close(): Promise<void>;
}

export type ExecutorOptions = {
  readonly docker: Dockerode;
  /** By default those that the sandbox has. */
  readonly languages?: readonly Language[];
  /** Containers at once; by default one for each core. */
  readonly containers?: number;
  /** One that the engine has, for example runsc; the engine’s default otherwise. */
  readonly runtime?: string | undefined;
  /** How long a runner may say nothing beyond the longest run; then its container counts as lost. */
  readonly silenceMs?: number;
  /** Only for tests: leaves a defence out. */
  readonly weaken?: Weaken;
};

const EngineInfo = z.looseObject({
  NCPU: z.number().default(1),
  Runtimes: z.record(z.string(), z.unknown()).default({}),
});

/** No program is that long; compiling it would take all the memory it may have, and end as an error. */
const MAX_SOURCE_BYTES = 8 * 1024 * 1024;
const PREPARE_TRIES = 3;

/** Thrown: engine-unavailable, sandbox-runtime-missing. */
export const createExecutor = async (options: ExecutorOptions): Promise<Executor> => {
  const { cores, runtimes } = await engineFacts(options.docker);
  const { runtime } = options;
  if (runtime !== undefined && !runtimes.includes(runtime)) {
    throw new UcoderError(
      'sandbox-runtime-missing',
      `The Docker engine has no runtime ${JSON.stringify(runtime)}; it has ${runtimes.join(', ')}.`,
    );
  }
  const pool = new ContainerPool({
    docker: options.docker,
    size: options.containers ?? Math.max(1, Math.min(cores, availableParallelism())),
    cpus: Math.min(2, cores),
    runtime,
    weaken: options.weaken,
    silenceMs: options.silenceMs,
  });
  return new PooledExecutor(pool, options.languages ?? languages());
};

/** The engine may run on another machine than this process. */
const engineFacts = async (docker: Dockerode): Promise<{ cores: number; runtimes: readonly string[] }> => {
  try {
    const { NCPU, Runtimes } = EngineInfo.parse(await docker.info());
    return { cores: Math.max(1, NCPU), runtimes: Object.keys(Runtimes) };
  } catch (cause) {
    throw new UcoderError('engine-unavailable', `The Docker engine does not answer: ${messageOf(cause)}.`, {
      cause,
    });
  }
};

class PooledExecutor implements Executor {
  executedPrograms = 0;
  readonly #pool: ContainerPool;
  readonly #languages: readonly Language[];
  #batches = 0;

  constructor(pool: ContainerPool, known: readonly Language[]) {
    this.#pool = pool;
    this.#languages = known;
  }

  async execute(batch: Batch, options: ExecuteOptions = {}): Promise<Matrix> {
    const { signal, onResult, resume = [], earlier = [], onPrograms, minReliability = 0.8 } = options;
    const cancelled = signal ?? new AbortController().signal;
    cancelled.throwIfAborted();
    const image = imageTag(languageNamed(batch.language, this.#languages));
    const wanted: Wanted = { image, memoryMb: batch.limits.memoryMb };
    const known = new Map(resume.map(({ inProcess: _, ...result }) => [result.id, result]));
    const results: (CandidateResult | undefined)[] = batch.candidates.map(({ id }) => known.get(id));
    const inside = new Set(resume.flatMap(({ inProcess = [] }) => inProcess));
    const rows = wholeRows(earlier);
    const texts = groupsOf(batch, rows.keys());
    const tooLong = [...texts].filter(([text]) => text.length > MAX_SOURCE_BYTES);
    for (const [text] of tooLong) texts.delete(text);
    const [prepared, merged] = await Promise.all([
      this.#prepare(batch.tests, wanted),
      this.#merged(texts, wanted, batch.tests.length),
    ]);
    const { tests } = prepared;
    const groups = [...merged].filter(([, { indexes }]) => indexes.length > 0);

    const finish = (
      indexes: readonly number[],
      result: Omit<CandidateResult, 'id'>,
      inProcess: readonly string[] = [],
    ) => {
      for (const index of indexes) {
        if (results[index] !== undefined) continue;
        const named = { ...result, id: batch.candidates[index]?.id ?? '' };
        results[index] = named;
        onResult?.({ ...named, ...(inProcess.length > 0 ? { inProcess: [...inProcess] } : {}) });
      }
    };
    const finishRun = (indexes: readonly number[], progresses: readonly CandidateProgress[]) => {
      const inProcess = inProcessTests(tests, progresses);
      for (const id of inProcess) inside.add(id);
      finish(indexes, candidateResult('', progresses), inProcess);
    };

    for (const [, indexes] of tooLong) finishRun(indexes, [unreadable(prepared, batch)]);
    // A group stands under the first of its texts, and those of earlier candidates come first.
    const rowOf = ([text]: (typeof groups)[number]) => {
      const row = rows.get(text);
      return row?.outcomes.length === tests.length ? row : undefined;
    };
    const shared = groups.filter((group) => rowOf(group) !== undefined);
    onPrograms?.(groups.length - shared.length, shared.flatMap(([, { indexes }]) => indexes).length);
    const resultOf = (group: (typeof groups)[number]) =>
      group[1].indexes.map((index) => results[index]).find((result) => result !== undefined) ?? rowOf(group);
    this.#batches += 1;
    const key = `batch-${this.#batches}`;
    let first = 0;
    // A second run may take an answer back, and then a test that was answered is not.
    const learns = batch.limits.earlyExit && batch.limits.repeat === 1;
    for (const end of learns && earlier.length === 0 ? learningWaves(groups.length) : [groups.length]) {
      const programs: Program[] = [];
      const runnable: (readonly number[])[] = [];
      for (const group of groups.slice(first, end)) {
        const [source, { indexes, unchanging, form }] = group;
        const encoded = encodeSource(source);
        const there = resultOf(group);
        if (there) finish(indexes, there);
        else if (tests.length === 0) finishRun(indexes, [new CandidateProgress([], [], batch.limits)]);
        else if (encoded.length > MAX_SOURCE_BYTES) finishRun(indexes, [unreadable(prepared, batch)]);
        else {
          const orders = ordersOf(batch, tests.length, source);
          programs.push({ source: form ?? encoded, isRead: form !== undefined, unchanging, orders });
          runnable.push(indexes);
        }
      }
      if (programs.length > 0) {
        const ran = earlier.map(({ result }) => result);
        const seen = [...ran, ...groups.slice(0, first).flatMap((group) => resultOf(group) ?? [])];
        const earlyExit =
          learns && seen.length > 0 ? learnEarlyExit(tests.length, seen, minReliability) : undefined;
        const run = new BatchRun(this.#pool, wanted, key, tests, batch.limits, cancelled, earlyExit);
        await run.run(programs, (index, progresses) => finishRun(runnable[index] ?? [], progresses));
        this.executedPrograms += programs.length;
      }
      first = end;
    }
    const inProcess = tests.flatMap(({ id }) => (inside.has(id) ? [id] : []));
    return {
      id: batch.id,
      tests: tests.map(({ id }) => id),
      invalidTests: [...prepared.invalidTests],
      ...(inProcess.length > 0 ? { inProcess } : {}),
      candidates: results.filter((result) => result !== undefined),
    };
  }

  /** Texts that compile to the same program run once as well; several containers read them. */
  async #merged(groups: Map<string, number[]>, wanted: Wanted, tests: number): Promise<Map<string, Group>> {
    // One program in one test gains nothing by being read first.
    if (groups.size * tests < 2) return mergedGroups(groups, []);
    const read = await readPrograms([...groups.keys()], this.#pool.size, (sources) =>
      this.#aside(wanted, (container) => container.normalise(sources)),
    );
    return mergedGroups(groups, read);
  }

  /** The tests as the language’s runner reads them. */
  async #prepare(tests: readonly ExecutionTest[], wanted: Wanted): Promise<PreparedBatch> {
    if (tests.length === 0) return { tests: [], invalidTests: [] };
    const prepare = (some: readonly ExecutionTest[]) =>
      this.#aside(wanted, (container) => container.prepare(some));
    const messages = await prepare(tests);
    if (messages) return prepareBatch(tests, messages);
    // One of them crashes the compiler: it is found alone.
    const single: PreparedTestMessage[] = [];
    for (const test of tests) {
      const [message] = (await prepare([test])) ?? [];
      single.push(message ?? { kind: 'invalid', reason: 'compiling it crashes the compiler' });
    }
    return prepareBatch(tests, single);
  }

  /** What a container does besides running candidates; on another one where it is lost. */
  async #aside<T>(wanted: Wanted, work: (container: RunnerContainer) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const container = await this.#pool.lease(wanted);
      try {
        return await work(container);
      } catch (thrown) {
        if (!(thrown instanceof ContainerLostError)) throw thrown;
        if (tries >= PREPARE_TRIES) {
          throw new UcoderError('sandbox-failed', `Tests and programs could not be read: ${thrown.message}`, {
            cause: thrown,
          });
        }
      } finally {
        this.#pool.giveBack(container);
      }
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

/** Candidates of the same text run once; trailing blank space does not tell them apart. Texts of `earlier` come first. */
const groupsOf = (batch: Batch, earlier: Iterable<string>): Map<string, number[]> => {
  const groups = new Map<string, number[]>(Array.from(earlier, (text) => [text, []]));
  batch.candidates.forEach(({ code }, index) => {
    const text = programText(code);
    const group = groups.get(text);
    if (group) group.push(index);
    else groups.set(text, [index]);
  });
  return groups;
};

/** Too long to be compiled: an error in every test, like everything else that does not compile. */
const unreadable = ({ tests }: PreparedBatch, batch: Batch): CandidateProgress => {
  const progress = new CandidateProgress(tests, [], batch.limits);
  const run = progress.next();
  if (run) progress.end(run, { reason: 'load-error', cpuMs: 0, testMs: 0, outOfMemory: false });
  return progress;
};

/** The second order of a repeated program depends on the batch and the program only. */
const ordersOf = ({ id, limits }: Batch, tests: number, source: string): (readonly number[])[] => {
  const inOrder = Array.from({ length: tests }, (_, index) => index);
  if (limits.repeat === 1) return [inOrder];
  const seed = createHash('sha256').update(`${id}\0${source}`).digest().readUInt32BE(0);
  return [inOrder, shuffledOrder(tests, seed)];
};
