/** What the worker and a runner say to each other: JSON after a four-byte length, on the container’s streams. */
import { z } from 'zod';
import type { Result } from '../../core/execution/candidate-progress.ts';
import type { ResultKind } from '../../core/execution/judge-claim.ts';
import { PreparedTestMessage } from '../../core/execution/prepared-test.ts';

/** One letter for each test’s result (`LETTERS` in the runner’s session.py). */
const LETTERS: Readonly<Record<string, ResultKind>> = {
  V: 'value',
  O: 'other',
  F: 'assertion',
  E: 'error',
  X: 'exit',
  M: 'memory',
  S: 'too-large',
  K: 'passed',
  U: 'output',
  T: 'timeout',
  C: 'crash',
  B: 'breach',
  I: 'inside',
};

/** Results of neighbouring tests: position of the first, a letter for each, and the text of each value. */
const Results = {
  first: z.number(),
  kinds: z.string().regex(new RegExp(`^[${Object.keys(LETTERS).join('')}]*$`)),
  texts: z.array(z.string()),
};
type Results = { readonly first: number; readonly kinds: string; readonly texts: readonly string[] };

/** Undoes the short form. Thrown: Error, where values and texts are not as many. */
export const resultsOf = ({ first, kinds, texts }: Results): Result[] => {
  let used = 0;
  const results = Array.from(kinds, (letter, index): Result => {
    const kind = LETTERS[letter] ?? 'breach';
    if (kind !== 'value') return { position: first + index, kind };
    const text = texts[used];
    used += 1;
    return text === undefined ? { position: first + index, kind } : { position: first + index, kind, text };
  });
  if (used !== texts.length) throw new Error(`the runner sent ${texts.length} texts for ${used} values`);
  return results;
};

const EndReason = z.enum([
  'finished',
  'stopped',
  'budget',
  'dirty',
  'heavy',
  'enough',
  'skipped',
  'breach',
  'late-breach',
  'load-error',
  'load-memory',
  'load-timeout',
  'load-crash',
  'load-breach',
]);

export const RunnerMessage = z.discriminatedUnion('op', [
  z.object({ op: z.literal('ready'), language: z.string(), residentBytes: z.number() }),
  z.object({ op: z.literal('prepared'), id: z.number(), tests: z.array(PreparedTestMessage) }),
  z.object({
    op: z.literal('normalised'),
    id: z.number(),
    keys: z.array(z.string().nullable()),
    unchanging: z.array(z.boolean()).default([]),
    forms: z.array(z.string().nullable()).default([]),
  }),
  z.object({ op: z.literal('failed'), id: z.number() }),
  z.object({ op: z.literal('compiled'), residentBytes: z.number() }),
  z.object({ op: z.literal('results'), run: z.number(), ...Results }),
  z.object({
    op: z.literal('end'),
    run: z.number(),
    ...Results,
    reason: EndReason,
    cpuMs: z.number(),
    testMs: z.number(),
    clean: z.boolean(),
    outOfMemory: z.boolean().default(false),
    leans: z.boolean().default(false),
  }),
]);
export type RunnerMessage = z.infer<typeof RunnerMessage>;

/** A message and the bytes that follow it: sources, which only the runner’s children read. */
export const encodeMessage = (message: object, body: readonly Buffer[] = []): Buffer => {
  const header = Buffer.from(JSON.stringify(message));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, ...body]);
};

/** Larger than any answer: a runner that announces more is broken. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** Cuts a stream into pieces of which each begins with its length. */
class PieceReader {
  #parts: Buffer[] = [];
  #size = 0;

  feed(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
  }

  /** Looks at the first bytes without taking them. */
  peek(count: number): Buffer | undefined {
    if (this.#size < count) return undefined;
    return this.#joined(count);
  }

  take(count: number): Buffer | undefined {
    if (this.#size < count) return undefined;
    const joined = this.#joined(count);
    const first = this.#parts[0];
    if (first === undefined) return undefined;
    if (first.length === count) this.#parts.shift();
    else this.#parts[0] = first.subarray(count);
    this.#size -= count;
    return joined.subarray(0, count);
  }

  /** Makes the first part hold `count` bytes at least. */
  #joined(count: number): Buffer {
    let first = this.#parts[0] ?? Buffer.alloc(0);
    if (first.length >= count) return first;
    let used = 1;
    let size = first.length;
    while (size < count) {
      size += this.#parts[used]?.length ?? 0;
      used += 1;
    }
    first = Buffer.concat(this.#parts.slice(0, used));
    this.#parts.splice(0, used, first);
    return first;
  }
}

const STREAM_HEADER_BYTES = 8;
const STDOUT = 1;
const MAX_STDERR_CHARACTERS = 4000;

/** Undoes Docker’s multiplexing and hands out the runner’s messages; standard error is kept for messages of ours. */
export class MessageReader {
  stderr = '';
  readonly #streams = new PieceReader();
  readonly #messages = new PieceReader();

  *read(chunk: Buffer): Generator<unknown> {
    this.#streams.feed(chunk);
    for (;;) {
      const header = this.#streams.peek(STREAM_HEADER_BYTES);
      if (!header) break;
      const stream = header[0];
      const length = header.readUInt32BE(4);
      const piece = this.#streams.peek(STREAM_HEADER_BYTES + length);
      if (!piece) break;
      this.#streams.take(STREAM_HEADER_BYTES);
      const payload = this.#streams.take(length);
      if (!payload) break;
      if (stream === STDOUT) this.#messages.feed(payload);
      else this.stderr = (this.stderr + payload.toString()).slice(-MAX_STDERR_CHARACTERS);
    }
    yield* this.#complete();
  }

  *#complete(): Generator<unknown> {
    for (;;) {
      const length = this.#messages.peek(4)?.readUInt32BE(0);
      if (length === undefined) return;
      if (length > MAX_MESSAGE_BYTES) throw new Error(`the runner announced a message of ${length} bytes`);
      if (!this.#messages.peek(4 + length)) return;
      this.#messages.take(4);
      yield JSON.parse(this.#messages.take(length)?.toString() ?? '');
    }
  }
}
