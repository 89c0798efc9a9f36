/** `ucoder execute`: batches in, outcome matrices out in the same order; nothing runs unless all of the input is valid. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import pLimit from 'p-limit';
import { createExecutor, type Executor } from '../../activities/sandbox/executor.ts';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { type Batch, batchIn, type Matrix } from '../../core/execution/batch.ts';
import { readEnvironment } from '../../infra/environment.ts';
import { install } from '../../infra/install/install.ts';
import { installContext, logFileOf } from '../../infra/install/install-context.ts';
import { withEngine } from '../../infra/install/with-engine.ts';
import { languages } from '../../infra/sandbox/languages.ts';
import { parseDocuments } from '../read-documents.ts';
import { readNamedFile } from '../read-named-file.ts';
import { documentsText } from '../write-documents.ts';

export type ExecuteOptions = {
  /** A .json or .jsonl file, or - for standard input. */
  source: string;
  out?: string;
};

export type ExecuteDependencies = {
  read(source: string): Promise<string>;
  print(text: string): void;
  /** Lends an executor; the engine and the image are brought up where there are none. */
  withExecutor(work: (executor: Executor) => Promise<void>): Promise<void>;
};

/** A batch in a language that the sandbox has. */
const ExecutableBatch = batchIn(languages().map(({ name }) => name));

/** Batches at once: while one prepares its tests, the others keep the containers busy. */
const BATCHES_AT_ONCE = 4;

const processDependencies: ExecuteDependencies = {
  read: readNamedFile,
  print: (text) => void process.stdout.write(text),
  async withExecutor(work) {
    const context = installContext();
    const report = ({ part, activity }: { part: string; activity: string }) =>
      void process.stderr.write(`${part}: ${activity}\n`);
    const { docker: engine } = await install(['docker', 'sandbox-image'], report, context);
    if (!engine) throw new UcoderError('engine-unavailable', 'No Docker engine was found.');
    await withEngine(engine, logFileOf(context, 'docker'), async (docker) => {
      const executor = await createExecutor({ docker, runtime: readEnvironment().sandboxRuntime });
      try {
        await work(executor);
      } finally {
        await executor.close();
      }
    });
  },
};

/**
 * Thrown: invalid-input and file-missing before anything has run; engine-unavailable, sandbox-runtime-missing,
 * sandbox-failed.
 */
export const runExecute = async (
  { source, out }: ExecuteOptions,
  dependencies: ExecuteDependencies = processDependencies,
): Promise<void> => {
  const { form, values } = parseDocuments(await dependencies.read(source), source, ExecutableBatch);
  const text = (matrix: Matrix) => documentsText([matrix], form, source);
  const run = (print: (text: string) => void) =>
    dependencies.withExecutor((executor) =>
      executeInOrder(executor, values, (matrix) => print(text(matrix))),
    );
  if (out === undefined) await run(dependencies.print);
  else await toFile(out, run);
};

/** Several at once, handed on in their order, each as soon as those before it are out. */
const executeInOrder = async (
  executor: Executor,
  batches: readonly Batch[],
  handOn: (matrix: Matrix) => void,
): Promise<void> => {
  const limit = pLimit(BATCHES_AT_ONCE);
  const stop = new AbortController();
  const running = batches.map((batch) =>
    limit(async () => {
      stop.signal.throwIfAborted();
      return executor.execute(batch, { signal: stop.signal });
    }),
  );
  // A later batch may fail while an earlier one is waited for: it is reported in its turn.
  for (const matrix of running) matrix.catch(() => undefined);
  try {
    for (const matrix of running) handOn(await matrix);
  } catch (thrown) {
    stop.abort();
    await Promise.allSettled(running);
    throw thrown;
  }
};

/** The file is complete or absent. */
const toFile = async (path: string, run: (print: (text: string) => void) => Promise<void>): Promise<void> => {
  const partial = `${path}.partial-${process.pid}`;
  const stream = createWriteStream(partial);
  try {
    await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
    await run((text) => void stream.write(text));
    stream.end();
    await finished(stream);
    await rename(partial, path);
  } catch (thrown) {
    stream.destroy();
    await rm(partial, { force: true });
    if (thrown instanceof Error && 'code' in thrown && !(thrown instanceof UcoderError)) {
      const code = thrown.code === 'ENOSPC' ? 'disk-full' : 'file-missing';
      throw new UcoderError(code, `Cannot write ${path}: ${messageOf(thrown)}.`, { cause: thrown });
    }
    throw thrown;
  }
};
