/** One warm container and the conversation with its runner. Anything unexpected ends it: `ContainerLostError`. */
import type Dockerode from 'dockerode';
import type { ExecutionTest } from '../../core/execution/batch.ts';
import type { Result, RunEnd } from '../../core/execution/candidate-progress.ts';
import type { PreparedTest, PreparedTestMessage } from '../../core/execution/prepared-test.ts';
import { type ContainerTemplate, containerOptions, uidsOf } from './container-template.ts';
import { encodeMessage, MessageReader, RunnerMessage, resultsOf } from './protocol.ts';

/** From create to the runner’s first word. */
const START_TIMEOUT_MS = 60_000;
/** Compiling a batch’s tests, or normalising its programs: the runner ends both by itself long before. */
const COMPILE_TIMEOUT_MS = 300_000;
/** Beyond the time that a run may take by its own limits: a busy machine is slow, not dead. */
const SILENCE_SLACK_MS = 60_000;
/** Runs after which a container makes way for a fresh one. */
const MAX_RUNS = 20_000;
/** Memory that the runner may gain before that. */
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;

export class ContainerLostError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ContainerLostError';
  }
}

/** What the runner is told besides the candidate’s source. */
export type RunRequest = {
  readonly message: Readonly<Record<string, unknown>>;
  readonly body: readonly Buffer[];
  readonly onResult: (result: Result) => void;
  /** What the runner itself lets the run take at most. */
  readonly longestMs: number;
};

/** Of each source a key, whether no test can change what loading it makes, and a form that is faster to load. */
export type NormalisedMessage = Extract<RunnerMessage, { op: 'normalised' }>;

export type RunnerEnd = RunEnd & { readonly clean: boolean };

type Waiting = {
  readonly patienceMs: number;
  readonly take: (message: RunnerMessage) => boolean;
  readonly fail: (error: Error) => void;
};

export class RunnerContainer {
  readonly id: string;
  readonly template: ContainerTemplate;
  /** Which batch’s calls the runner has compiled. */
  callsKey: string | undefined;
  runs = 0;
  /** Another one is on its way; until it is there, this one goes on. */
  isRetiring = false;
  /** Set once the container must not be given another candidate. */
  suspicion: string | undefined;
  readonly #container: Dockerode.Container;
  readonly #stream: NodeJS.ReadWriteStream;
  readonly #reader = new MessageReader();
  readonly #waiting: Waiting[] = [];
  readonly #unwritten: Buffer[] = [];
  #nextRun = 1;
  #startBytes = 0;
  #grownBytes = 0;
  #lost: ContainerLostError | undefined;
  readonly #slackMs: number;
  /** A runner that hangs, or whose container is frozen, says nothing: no stream ends. */
  #silence: NodeJS.Timeout | undefined;

  private constructor(
    container: Dockerode.Container,
    stream: NodeJS.ReadWriteStream,
    template: ContainerTemplate,
    slackMs: number,
  ) {
    this.id = container.id;
    this.#slackMs = slackMs;
    this.template = template;
    this.#container = container;
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A killed container ends the stream without an error event.
    stream.on('end', () => this.#fail('its output ended'));
    stream.on('close', () => this.#fail('its stream closed'));
    stream.on('error', (cause: Error) => this.#fail(cause.message, cause));
  }

  static async start(
    docker: Dockerode,
    template: ContainerTemplate,
    slackMs = SILENCE_SLACK_MS,
  ): Promise<RunnerContainer> {
    const container = await docker.createContainer(containerOptions(template));
    try {
      const stream = await container.attach({
        stream: true,
        hijack: true,
        stdin: true,
        stdout: true,
        stderr: true,
      });
      const runner = new RunnerContainer(container, stream, template, slackMs);
      await container.start();
      await runner.#hello();
      return runner;
    } catch (thrown) {
      await container.remove({ force: true }).catch(() => undefined);
      throw thrown;
    }
  }

  /** Not broken, but due to make way for a fresh one. */
  get isWorn(): boolean {
    return this.runs >= MAX_RUNS || this.#grownBytes > MAX_GROWTH_BYTES;
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  async #hello(): Promise<void> {
    const { residentBytes } = await this.#ask(
      encodeMessage({ op: 'hello', uids: uidsOf(this.template.uidRange) }),
      (message) => (message.op === 'ready' ? message : undefined),
      START_TIMEOUT_MS,
    );
    this.#startBytes = residentBytes;
  }

  /** Undefined where the tests crashed the compiler. */
  async prepare(tests: readonly ExecutionTest[]): Promise<readonly PreparedTestMessage[] | undefined> {
    const body = Buffer.from(JSON.stringify(tests));
    const message = await this.#ask(
      encodeMessage({ op: 'prepare', id: 0, length: body.length }, [body]),
      (answer) => (answer.op === 'prepared' || answer.op === 'failed' ? answer : undefined),
    );
    return message.op === 'prepared' ? message.tests : undefined;
  }

  /** Equal keys for programs that compile to the same; undefined where one of them crashed the compiler. */
  async normalise(sources: readonly Buffer[]): Promise<NormalisedMessage | undefined> {
    const lengths = sources.map(({ length }) => length);
    const message = await this.#ask(encodeMessage({ op: 'normalise', id: 0, lengths }, sources), (answer) =>
      answer.op === 'normalised' || answer.op === 'failed' ? answer : undefined,
    );
    return message.op === 'normalised' ? message : undefined;
  }

  /** Compiles the calls of a batch once; candidates inherit them. Programs stay here. */
  async useCalls(key: string, tests: readonly PreparedTest[]): Promise<void> {
    if (this.callsKey === key) return;
    this.callsKey = undefined;
    const calls = tests.map((test) =>
      test.kind === 'call' ? { source: test.source, needed: test.needed } : { source: 'None', needed: null },
    );
    const { residentBytes } = await this.#ask(encodeMessage({ op: 'calls', calls }), (message) =>
      message.op === 'compiled' ? message : undefined,
    );
    this.#grownBytes = residentBytes - this.#startBytes;
    this.callsKey = key;
  }

  async run({ message, body, onResult, longestMs }: RunRequest): Promise<RunnerEnd> {
    const run = this.#nextRun;
    this.#nextRun += 1;
    this.runs += 1;
    const accept = (answer: RunnerMessage) => {
      if ((answer.op !== 'results' && answer.op !== 'end') || answer.run !== run) return undefined;
      for (const result of resultsOf(answer)) onResult(result);
      return answer.op === 'end' ? answer : 'more';
    };
    const request = encodeMessage({ op: 'run', run, ...message }, body);
    const end = await this.#ask(request, accept, longestMs + this.#slackMs);
    if (!end.clean) this.suspicion ??= 'something that a candidate started or wrote could not be removed';
    if (end.reason.endsWith('breach')) this.suspicion ??= 'a candidate wrote to the runner’s channel';
    if (end.outOfMemory) this.suspicion ??= 'the container ran out of memory';
    return end;
  }

  /** Sends, and gives the answers in order to `accept` until it returns one; 'more' keeps it listening. */
  #ask<T extends RunnerMessage>(
    request: Buffer,
    accept: (message: RunnerMessage) => T | 'more' | undefined,
    patienceMs = COMPILE_TIMEOUT_MS,
  ): Promise<T> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        patienceMs,
        take: (message) => {
          const answer = accept(message);
          if (answer === undefined) throw new Error(`unexpected message ${message.op}`);
          if (answer === 'more') return false;
          resolve(answer);
          return true;
        },
        fail: reject,
      });
      this.#write(request);
      if (this.#waiting.length === 1) this.#listen();
    });
  }

  /** What is asked in one go is written in one piece: on its way to the runner each piece costs several processes. */
  #write(request: Buffer): void {
    this.#unwritten.push(request);
    if (this.#unwritten.length > 1) return;
    process.nextTick(() => {
      if (!this.#lost) this.#stream.write(Buffer.concat(this.#unwritten));
      this.#unwritten.length = 0;
    });
  }

  /** Gives the first that waits its time, from the last sign of life. */
  #listen(): void {
    clearTimeout(this.#silence);
    const [first] = this.#waiting;
    if (!first || this.#lost) return;
    const { patienceMs } = first;
    const giveUp = () => this.#fail(`its runner said nothing for ${Math.round(patienceMs / 1000)} s`);
    this.#silence = setTimeout(giveUp, patienceMs);
  }

  #receive(chunk: Buffer): void {
    if (this.#lost) return;
    try {
      for (const raw of this.#reader.read(chunk)) {
        const message = RunnerMessage.parse(raw);
        const waiting = this.#waiting[0];
        if (!waiting) throw new Error(`unexpected message ${message.op}`);
        if (waiting.take(message)) this.#waiting.shift();
      }
      this.#listen();
    } catch (cause) {
      this.#fail(cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  #fail(reason: string, cause?: unknown): void {
    if (this.#lost) return;
    const words = this.#reader.stderr.trim();
    this.#lost = new ContainerLostError(
      `Sandbox container ${this.id.slice(0, 12)} was lost: ${reason}${words ? ` (${words.slice(-500)})` : ''}.`,
      { cause },
    );
    clearTimeout(this.#silence);
    for (const waiting of this.#waiting.splice(0)) waiting.fail(this.#lost);
    void this.remove();
  }

  /** Ends the container, whatever it does. Safe to repeat. */
  async remove(): Promise<void> {
    this.#lost ??= new ContainerLostError(`Sandbox container ${this.id.slice(0, 12)} was removed.`);
    clearTimeout(this.#silence);
    this.#stream.end();
    // AutoRemove may be faster: a container that is gone is what is wanted.
    await this.#container.remove({ force: true }).catch(() => undefined);
    for (const waiting of this.#waiting.splice(0)) waiting.fail(this.#lost);
  }
}
