/**
 * Has the trainer’s Python read the syntax trees of programs. The sources are untrusted: they are parsed and never
 * run, and what stops the parser at one of them costs that one’s trees only.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { ProgramTrees } from '../../core/problems/program-trees.ts';
import { projectRoot } from '../../infra/paths.ts';

const SCRIPT = join(projectRoot, 'infra', 'trainer', 'ucoder_trainer', 'trees.py');
const TIMEOUT_MS = 10 * 60_000;
/** Programs read by one process, which has the time of them all. */
const AT_ONCE = 256;

export type Program = { id: string; code: string };

/** One for each program, in their order. Thrown: Error where the interpreter cannot read even an empty program. */
export const parseTrees = async (
  python: string,
  programs: readonly Program[],
  signal: AbortSignal,
): Promise<ProgramTrees[]> => {
  const read: ProgramTrees[] = [];
  while (read.length < programs.length) {
    const next = programs.slice(read.length, read.length + AT_ONCE);
    const lines = await run(python, next, signal);
    read.push(...lines);
    const culprit = next[lines.length];
    if (culprit) read.push({ id: culprit.id, trees: [], unreadable: 'the parser did not survive it' });
  }
  return read;
};

/** Of the programs before the one, if any, at which the process came to an end. */
const run = async (
  python: string,
  programs: readonly Program[],
  signal: AbortSignal,
): Promise<ProgramTrees[]> => {
  const empty = { id: '', code: '' };
  const { stdout, stderr, isCanceled } = await execa(python, ['-I', SCRIPT], {
    input: [empty, ...programs].map((program) => `${JSON.stringify(program)}\n`).join(''),
    reject: false,
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
    extendEnv: false,
    stripFinalNewline: false,
  });
  if (isCanceled) signal.throwIfAborted();
  // What follows the last line break was cut off.
  const [first, ...lines] = stdout.split('\n').slice(0, -1);
  if (first === undefined) throw new Error(`${python} cannot read syntax trees: ${stderr.slice(-500)}`);
  return lines.map((line) => ProgramTrees.parse(JSON.parse(line)));
};
