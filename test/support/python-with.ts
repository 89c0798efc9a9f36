/** A Python environment of its own for what only a test or a bench needs, in the cache folder; made once. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { atomicFolder } from '../../infra/install/atomic-folder.ts';
import { isExecutable } from '../../infra/install/find-executable.ts';
import { installContext, searchPathOf } from '../../infra/install/install-context.ts';
import { packageIndexVariables, parsePipSettings } from '../../infra/install/package-index-settings.ts';
import { findInterpreters, isAcceptable } from '../../infra/install/python-interpreter.ts';
import { ensureUv } from '../../infra/install/uv.ts';

/** The interpreter that has the packages, and of what they declare only what is among them. */
export const pythonWith = async (name: string, packages: readonly string[]): Promise<string> => {
  const context = installContext();
  const hash = createHash('sha256').update(packages.join()).digest('hex').slice(0, 12);
  const folder = join(context.paths.cache, 'bench', `${name}-${hash}`);
  const python = join(folder, 'bin', 'python');
  if (await isExecutable(python)) return python;
  const interpreter = (await findInterpreters(searchPathOf(context))).find(({ version }) =>
    isAcceptable(version),
  );
  if (!interpreter) throw new Error('No Python that the project can use is on PATH.');
  const say = (activity: string) => process.stderr.write(`  ${name}: ${activity}\n`);
  const uv = await ensureUv(context, interpreter, say);
  const settings = await execa(interpreter.path, ['-m', 'pip', 'config', 'list'], { reject: false });
  const index = packageIndexVariables(parsePipSettings(settings.stdout), context.variables, existsSync);
  await atomicFolder(folder, async (temporary) => {
    say(`installing ${packages.join(', ')}`);
    const quiet = { env: { ...index, VIRTUAL_ENV: undefined, UV_NO_PROGRESS: '1' } };
    await execa(
      uv,
      ['venv', '--relocatable', '--allow-existing', '--python', interpreter.path, temporary],
      quiet,
    );
    const target = ['--python', join(temporary, 'bin', 'python'), '--no-deps'];
    await execa(uv, ['pip', 'install', ...target, ...packages], quiet);
  });
  return python;
};
