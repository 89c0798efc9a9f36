/**
 * Has the trainer’s Python measure groups of programs. The sources are untrusted: they are parsed and never run, and
 * what stops the parser at one group costs that group’s measures only.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { DiversityMeasure } from '../../core/selection/diversity.ts';
import { projectRoot } from '../../infra/paths.ts';

const SCRIPT = join(projectRoot, 'infra', 'trainer', 'ucoder_trainer', 'diversity.py');
const TIMEOUT_MS = 10 * 60_000;

/** One measure a group; null for a group that the parser did not survive. */
export const measurePrograms = async (
  python: string,
  groups: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<(DiversityMeasure | null)[]> => {
  const together = await run(python, groups, signal);
  if (together) return together;
  const measures: (DiversityMeasure | null)[] = [];
  for (const group of groups) measures.push((await run(python, [group], signal))?.[0] ?? null);
  return measures;
};

/** Undefined where the process did not come to an end. */
const run = async (
  python: string,
  groups: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<DiversityMeasure[] | undefined> => {
  if (groups.length === 0) return [];
  const { exitCode, stdout, isCanceled } = await execa(python, ['-I', SCRIPT], {
    input: groups.map((group) => `${JSON.stringify(group)}\n`).join(''),
    reject: false,
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
    extendEnv: false,
  });
  if (isCanceled) signal.throwIfAborted();
  return exitCode === 0
    ? stdout.split('\n').map((line) => DiversityMeasure.parse(JSON.parse(line)))
    : undefined;
};
