/**
 * Counts ruff’s findings in candidates’ sources. The sources are untrusted: ruff parses and never runs them, they
 * reach it as files with names of ours, no setting of theirs or of this machine counts, and what stops the linter
 * at one of them costs that one’s count only.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { z } from 'zod';
import { UcoderError } from '../../core/errors.ts';

/** Names that are undefined or unused, comparisons and defaults that are likely wrong, syntax. Nothing about style. */
const RULES = 'E7,E9,F,B,PLE';
const TIMEOUT_MS = 60_000;

const Finding = z.object({ filename: z.string() });

export type Source = { id: string; code: string };

/** Thrown: machine-incomplete where the interpreter has no ruff. */
export const countFindings = async (
  python: string,
  sources: readonly Source[],
  signal: AbortSignal,
): Promise<Record<string, number>> => {
  const folder = await mkdtemp(join(tmpdir(), 'ucoder-lint-'));
  try {
    const files = sources.map(({ id, code }, index) => ({ id, code, path: join(folder, `${index}.py`) }));
    for (const { path, code } of files) await writeFile(path, code);
    const together = await run(python, files, folder, signal);
    if (together) return together;
    await assertInstalled(python, signal);
    const findings: Record<string, number> = {};
    for (const file of files) Object.assign(findings, await run(python, [file], folder, signal));
    return findings;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

type File = { id: string; path: string };

/** Undefined where ruff did not come to an end. */
const run = async (
  python: string,
  files: readonly File[],
  folder: string,
  signal: AbortSignal,
): Promise<Record<string, number> | undefined> => {
  if (files.length === 0) return {};
  const checks = ['check', '--isolated', '--no-cache', '--ignore-noqa', '--exit-zero', '--quiet'];
  const form = ['--select', RULES, '--output-format', 'json-lines'];
  const linter = execa(python, ['-I', '-m', 'ruff', ...checks, ...form, ...files.map(({ path }) => path)], {
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    stderr: 'ignore',
    // A source of a megabyte can have a million findings: they are counted as they come.
    buffer: false,
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
    extendEnv: false,
  });
  const idOf = new Map(files.map(({ id, path }) => [path, id]));
  const findings = Object.fromEntries(files.map(({ id }) => [id, 0]));
  const isWhole = await countLines(linter.stdout, (filename) => {
    const id = idOf.get(filename);
    if (id !== undefined) findings[id] = (findings[id] ?? 0) + 1;
  });
  const { exitCode, isCanceled } = await linter;
  if (isCanceled) signal.throwIfAborted();
  return exitCode === 0 && isWhole ? findings : undefined;
};

/** Whether every line was a finding. Lines end where ruff ends them: a message may hold other line breaks. */
const countLines = async (output: Readable, count: (filename: string) => void): Promise<boolean> => {
  let isWhole = true;
  let rest = '';
  for await (const chunk of output.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const filename = filenameOf(line);
      if (filename === undefined) isWhole = false;
      else count(filename);
    }
  }
  return isWhole && rest === '';
};

const filenameOf = (line: string): string | undefined => {
  try {
    return Finding.parse(JSON.parse(line)).filename;
  } catch {
    return undefined;
  }
};

const assertInstalled = async (python: string, signal: AbortSignal): Promise<void> => {
  const { exitCode } = await execa(python, ['-I', '-m', 'ruff', '--version'], {
    reject: false,
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
  });
  if (exitCode === 0) return;
  throw new UcoderError(
    'machine-incomplete',
    `${python} has no ruff, which selection.tieBreakers or selection.vetoes asks for. Run: npx ucoder up`,
  );
};
