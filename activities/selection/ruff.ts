/**
 * Counts ruff’s findings in candidates’ sources. The sources are untrusted: ruff parses and never runs them, they
 * reach it as files with names of ours, no setting of theirs or of this machine counts, and what stops the linter
 * at one of them costs that one’s count only.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { UcoderError } from '../../core/errors.ts';

/** Names that are undefined or unused, comparisons and defaults that are likely wrong, syntax. Nothing about style. */
const RULES = 'E7,E9,F,B,PLE';
const TIMEOUT_MS = 60_000;

const Report = z.array(z.object({ filename: z.string() }));

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
  const { exitCode, stdout, isCanceled } = await execa(
    python,
    [
      '-I',
      '-m',
      'ruff',
      ...checks,
      '--select',
      RULES,
      '--output-format',
      'json',
      ...files.map((f) => f.path),
    ],
    {
      cwd: folder,
      reject: false,
      stdin: 'ignore',
      timeout: TIMEOUT_MS,
      cancelSignal: signal,
      extendEnv: false,
    },
  );
  if (isCanceled) signal.throwIfAborted();
  const report = exitCode === 0 ? parseReport(stdout) : undefined;
  if (report === undefined) return undefined;
  const idOf = new Map(files.map(({ id, path }) => [path, id]));
  const findings = Object.fromEntries(files.map(({ id }) => [id, 0]));
  for (const { filename } of report) {
    const id = idOf.get(filename);
    if (id !== undefined) findings[id] = (findings[id] ?? 0) + 1;
  }
  return findings;
};

const parseReport = (text: string): z.infer<typeof Report> | undefined => {
  try {
    return Report.parse(JSON.parse(text));
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
