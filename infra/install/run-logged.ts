/** Runs one command of an installation: output goes to the part's log, its lines to the progress report. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { UcoderError } from '../../core/errors.ts';

export type LoggedCommand = Readonly<{
  command: string;
  arguments: readonly string[];
  log: string;
  /** What this command is for, as in "building the Temporal CLI". */
  purpose: string;
  /** What a person can do if it fails. */
  advice: string;
  folder?: string;
  /** Added to the inherited environment; undefined removes a variable. */
  variables?: Readonly<Record<string, string | undefined>>;
  timeoutMs?: number;
  onLine?: (line: string) => void;
}>;

const LAST_LINES = 12;
const NO_SPACE = /no space left|disk quota exceeded|ENOSPC/i;
const LOG_LIMIT_BYTES = 16 * 1024 * 1024;
const NO_LIMIT_MS = 24 * 60 * 60 * 1000;

/** Resolves with standard output. Throws install-failed with the log's last lines and the advice. */
export const runLogged = async (step: LoggedCommand): Promise<string> => {
  await mkdir(dirname(step.log), { recursive: true });
  const log = createWriteStream(step.log, { flags: (await isLarge(step.log)) ? 'w' : 'a' });
  log.write(
    `\n# ${new Date().toISOString()} ${step.purpose}\n$ ${[step.command, ...step.arguments].join(' ')}\n`,
  );
  const last: string[] = [];
  const see = (line: string) => {
    log.write(`${line}\n`);
    if (line.trim() === '') return;
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    step.onLine?.(line.trim());
  };
  const subprocess = execa(step.command, step.arguments, {
    cwd: step.folder,
    env: step.variables,
    stdin: 'ignore',
    reject: false,
  });
  let tookTooLong = false;
  const limit = setTimeout(() => {
    tookTooLong = true;
    subprocess.kill();
    // A grandchild may keep the pipes open; nobody waits for it.
    subprocess.stdout.destroy();
    subprocess.stderr.destroy();
  }, step.timeoutMs ?? NO_LIMIT_MS);
  const reading = Promise.allSettled([
    readLines(subprocess.iterable({ from: 'stdout' }), see),
    readLines(subprocess.iterable({ from: 'stderr' }), see),
  ]);
  const result = await subprocess;
  await reading;
  clearTimeout(limit);
  await new Promise<void>((resolve) => log.end(() => resolve()));
  if (!result.failed) return result.stdout;
  const seconds = (step.timeoutMs ?? NO_LIMIT_MS) / 1000;
  const how = tookTooLong ? `took longer than ${seconds} s` : describeEnd(result);
  const tail = last.length > 0 ? `\nIts last lines:\n${last.map((line) => `  ${line}`).join('\n')}` : '';
  throw new UcoderError(
    last.some((line) => NO_SPACE.test(line)) ? 'disk-full' : 'install-failed',
    `Failed while ${step.purpose}: ${step.command} ${how}.${tail}\nWhole log: ${step.log}\n${step.advice}`,
    {
      cause: result,
    },
  );
};

const describeEnd = (result: { exitCode?: number; signal?: string; originalMessage?: string }): string => {
  if (result.exitCode !== undefined) return `ended with exit code ${result.exitCode}`;
  if (result.signal !== undefined) return `was ended by ${result.signal}`;
  return `did not start: ${result.originalMessage ?? 'unknown reason'}`;
};

const readLines = async (lines: AsyncIterable<string>, see: (line: string) => void): Promise<void> => {
  for await (const line of lines) see(line);
};

const isLarge = async (file: string): Promise<boolean> => {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && found.size > LOG_LIMIT_BYTES;
};
